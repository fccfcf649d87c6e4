// Brands that were worn or named together with a brand
// name: co-associated
// parameters: brand
// columns: brand, events, consumers
// READ
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
UNWIND event.withBrands AS other
WITH other, consumer, event WHERE other <> $brand
RETURN other AS brand, count(event) AS events, count(DISTINCT consumer) AS consumers
ORDER BY events DESC, brand LIMIT 100
