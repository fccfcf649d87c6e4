// The hundred latest interactions of a brand that count in the current scores, with their points on the day
// name: recent-events
// parameters: brand
// columns: at, eventId, consumer, name, direction, kind, points, valence, withBrands
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(:Run)
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  event.kind AS kind, event.appliedPoints AS points, event.valence AS valence, event.withBrands AS withBrands
ORDER BY at DESC, eventId LIMIT 100
