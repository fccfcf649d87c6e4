// PageRank of a projected graph, kept with the projection.
// name: pagerank
// parameters: graph, dampingFactor, tolerance, maxIterations
// columns: ranIterations, didConverge
// READ
CALL gds.pageRank.mutate($graph, {mutateProperty: 'score', relationshipWeightProperty: 'weight',
  dampingFactor: $dampingFactor, tolerance: $tolerance, maxIterations: $maxIterations})
YIELD ranIterations, didConverge
RETURN ranIterations, didConverge
