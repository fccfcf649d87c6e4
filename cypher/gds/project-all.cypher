// Project people, brands, ties (friend ties both ways) and the interactions that count.
// name: project-all
// parameters: graph
// columns: lowest, projected
// READ
CALL () {
  MATCH (node:Consumer|Brand) WHERE node.seq IS NOT NULL
  RETURN node AS source, null AS target, null AS weight
  UNION ALL
  MATCH (source:Consumer)-[tie:FOLLOWS|KNOWS|EXPOSED_TO]->(target:Consumer) WHERE tie.seq IS NOT NULL
  RETURN source, target, coalesce(tie.weight, 1.0) AS weight
  UNION ALL
  MATCH (target:Consumer)-[tie:KNOWS]->(source:Consumer) WHERE tie.seq IS NOT NULL
  RETURN source, target, coalesce(tie.weight, 1.0) AS weight
  UNION ALL
  MATCH (source)-[event:INTERACTED|RESPONDED]->(target)
  WHERE event.seq IS NOT NULL AND toLower(trim(coalesce(event.kind, ''))) <> 'retraction'
    AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
    AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
  RETURN source, target, coalesce(event.weight, 1.0) AS weight
}
RETURN min(weight) AS lowest, gds.graph.project($graph, source, target,
  CASE WHEN target IS NOT NULL THEN {relationshipProperties: {weight: weight}} END) AS projected
