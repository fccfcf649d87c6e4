// The hundred latest interactions of a brand
// name: recent-events
// parameters: brand
// columns: at, eventId, consumer, name, direction, kind, points, valence, withBrands
// READ
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  event.kind AS kind, event.points AS points, event.valence AS valence, event.withBrands AS withBrands
ORDER BY at DESC, eventId LIMIT 100
