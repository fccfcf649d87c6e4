// The week before and after a campaign
// about = "Interactions of a campaign's brand in the days before and after it that count in the current scores; that they differ does not prove an effect."
// access = "READ"
// needs = ["score"]
// parameters.campaign = {type = "campaign"}
// parameters.days = {type = "integer", about = "days on each side", default = 7, low = 1, high = 3650}
// columns.period = {type = "text"}
// columns.interactions = {type = "integer"}
// columns.negative = {type = "integer", about = "interactions below zero"}
// columns.meanValence = {type = "number", about = "from -1 to 1"}
MATCH (:Current {kind: 'score'})
MATCH (campaign:Campaign {id: $campaign})-[:BY]->(brand:Brand)
MATCH (brand)-[event:INTERACTED|RESPONDED]-(:Consumer) WHERE event.appliedPoints IS NOT NULL
  AND event.at >= campaign.at - duration({seconds: 86400 * $days})
  AND event.at < campaign.at + duration({seconds: 86400 * $days})
RETURN CASE WHEN event.at < campaign.at THEN 'before' ELSE 'after' END AS period, count(*) AS interactions,
  sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative, avg(event.valence) AS meanValence
ORDER BY period DESC
