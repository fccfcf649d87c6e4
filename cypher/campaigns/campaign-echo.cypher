// The week before and after a campaign
// about = "Interactions of a campaign's brand in the week before and the week after it that count in the current scores."
// access = "READ"
// needs = ["score"]
// parameters.campaign = {type = "campaign"}
// columns.period = {type = "text"}
// columns.interactions = {type = "integer"}
// columns.negative = {type = "integer"}
// columns.meanValence = {type = "number"}
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(:Run)
MATCH (campaign:Campaign {id: $campaign})-[:BY]->(brand:Brand)
MATCH (brand)-[event:INTERACTED|RESPONDED]-(:Consumer) WHERE event.appliedPoints IS NOT NULL
  AND event.at >= campaign.at - duration({days: 7}) AND event.at < campaign.at + duration({days: 7})
RETURN CASE WHEN event.at < campaign.at THEN 'before' ELSE 'after' END AS period, count(*) AS interactions,
  sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative, avg(event.valence) AS meanValence
ORDER BY period DESC
