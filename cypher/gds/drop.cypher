// Forget a projected graph, if it is there.
// name: drop
// parameters: graph
// columns: graphName
// READ
CALL gds.graph.drop($graph, false) YIELD graphName
RETURN graphName
