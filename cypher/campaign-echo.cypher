// Interactions of a campaign's brand in the week before and the week after it
// name: campaign-echo
// parameters: campaign
// columns: period, interactions, negative, meanValence
// READ
MATCH (campaign:Campaign {id: $campaign})-[:BY]->(brand:Brand)
MATCH (brand)-[event:INTERACTED|RESPONDED]-(:Consumer)
WHERE event.at >= campaign.at - duration({days: 7}) AND event.at < campaign.at + duration({days: 7})
  AND coalesce(toLower(trim(event.kind)), '') <> 'retraction'
  AND NOT EXISTS { ()-[:INTERACTED {replaces: event.eventId}]->() }
  AND NOT EXISTS { ()-[:RESPONDED {replaces: event.eventId}]->() }
RETURN CASE WHEN event.at < campaign.at THEN 'before' ELSE 'after' END AS period, count(*) AS interactions,
  sum(CASE WHEN event.valence < 0 OR event.points < 0 THEN 1 ELSE 0 END) AS negative, avg(event.valence) AS meanValence
ORDER BY period DESC
