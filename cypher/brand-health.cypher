// Interactions of a brand per month: how many, how many negative, mean valence
// name: brand-health
// parameters: brand
// columns: month, interactions, negative, meanValence
// READ
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(:Consumer)
WHERE coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
WITH date.truncate('month', event.at) AS month, event
RETURN month, count(*) AS interactions,
  sum(CASE WHEN event.valence < 0 OR event.points < 0 THEN 1 ELSE 0 END) AS negative,
  avg(event.valence) AS meanValence
ORDER BY month
