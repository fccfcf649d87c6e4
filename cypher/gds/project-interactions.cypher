// Project people, brands and the interactions that count, each in its direction.
// name: project-interactions
// parameters: graph, dropped, giving, others
// columns: lowest, projected
// READ
CALL () {
  MATCH (node:Consumer|Brand) WHERE node.seq IS NOT NULL
  RETURN node AS source, null AS target, null AS weight
  UNION ALL
  MATCH (consumer:Consumer)-[event:INTERACTED|RESPONDED]-(brand:Brand)
  WHERE event.seq IS NOT NULL AND NOT event.eventId IN $dropped
  WITH consumer, brand, event, CASE
    WHEN event.statedDirection IS NOT NULL THEN event.statedDirection = 'to_brand'
    WHEN event.kind IS NULL THEN $others
    ELSE event.kind IN $giving END AS given
  RETURN CASE WHEN given THEN consumer ELSE brand END AS source, CASE WHEN given THEN brand ELSE consumer END AS target,
    coalesce(event.weight, 1.0) AS weight
}
RETURN min(weight) AS lowest, gds.graph.project($graph, source, target,
  CASE WHEN target IS NOT NULL THEN {relationshipProperties: {weight: weight}} END) AS projected
