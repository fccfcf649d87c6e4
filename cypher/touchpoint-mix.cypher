// How a brand and its consumers meet: interactions per touchpoint, kind and direction
// name: touchpoint-mix
// parameters: brand
// columns: touchpoint, kind, direction, interactions, meanValence
// READ
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
RETURN event.touchpoint AS touchpoint, event.kind AS kind,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  count(*) AS interactions, avg(event.valence) AS meanValence
ORDER BY interactions DESC, touchpoint, kind, direction
