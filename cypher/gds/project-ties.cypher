// Project people and ties as the store's graph has them: friend ties both ways, people without ties too.
// name: project-ties
// parameters: graph
// columns: lowest, projected
// READ
CALL () {
  MATCH (person:Consumer) WHERE person.seq IS NOT NULL
  RETURN person AS source, null AS target, null AS weight
  UNION ALL
  MATCH (source:Consumer)-[tie:FOLLOWS|KNOWS|EXPOSED_TO]->(target:Consumer) WHERE tie.seq IS NOT NULL
  RETURN source, target, coalesce(tie.weight, 1.0) AS weight
  UNION ALL
  MATCH (target:Consumer)-[tie:KNOWS]->(source:Consumer) WHERE tie.seq IS NOT NULL
  RETURN source, target, coalesce(tie.weight, 1.0) AS weight
}
RETURN min(weight) AS lowest, gds.graph.project($graph, source, target,
  CASE WHEN target IS NOT NULL THEN {relationshipProperties: {weight: weight}} END) AS projected
