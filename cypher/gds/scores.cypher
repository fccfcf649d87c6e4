// The scores kept with a projected graph, one list per label.
// name: scores
// parameters: graph
// columns: label, rows
// READ
CALL gds.graph.nodeProperty.stream($graph, 'score') YIELD nodeId, propertyValue
WITH gds.util.asNode(nodeId) AS node, propertyValue
RETURN CASE WHEN node:Consumer THEN 'Consumer' ELSE 'Brand' END AS label, collect([node.id, propertyValue]) AS rows
