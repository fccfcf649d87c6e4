// Consumers who deal with both of two brands, by their interactions that count in the current scores
// name: shared-consumers
// parameters: brand, other
// columns: consumer, name, withBrand, withOther
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(:Run)
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH consumer, count(event) AS withBrand
MATCH (consumer)-[event:INTERACTED|RESPONDED]-(:Brand {id: $other}) WHERE event.appliedPoints IS NOT NULL
RETURN consumer.id AS consumer, consumer.name AS name, withBrand, count(event) AS withOther
ORDER BY withBrand + withOther DESC, consumer LIMIT 1000
