// Brands that were worn or named together with a brand
// name: co-associated
// parameters: brand
// columns: brand, name, events, consumers
// READ
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
UNWIND event.withBrands AS other
WITH other, consumer, event WHERE other <> $brand
WITH other, count(event) AS events, count(DISTINCT consumer) AS consumers ORDER BY events DESC, other LIMIT 100
OPTIONAL MATCH (named:Brand {id: other})
RETURN other AS brand, named.name AS name, events, consumers
ORDER BY events DESC, brand
