// Consumers who deal with both of two brands
// name: shared-consumers
// parameters: brand, other
// columns: consumer, name, withBrand, withOther
// READ
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
WITH consumer, count(event) AS withBrand
MATCH (consumer)-[event:INTERACTED|RESPONDED]-(:Brand {id: $other})
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
RETURN consumer.id AS consumer, consumer.name AS name, withBrand, count(event) AS withOther
ORDER BY withBrand + withOther DESC, consumer LIMIT 1000
