// Newcomers after a campaign
// about = "Consumers whose first interaction on record with the campaign's brand came within the days after it; they may have come without it."
// access = "READ"
// needs = ["score"]
// parameters.campaign = {type = "campaign"}
// parameters.days = {type = "integer", about = "days after the campaign", default = 7, low = 1, high = 3650}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.first = {type = "time"}
// columns.kind = {type = "text", about = "of the first interaction"}
MATCH (:Current {kind: 'score'})
MATCH (campaign:Campaign {id: $campaign})-[:BY]->(brand:Brand)
MATCH (brand)-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH campaign, consumer, event ORDER BY event.at, event.eventId
WITH campaign, consumer, head(collect(event)) AS first
WHERE first.at >= campaign.at AND first.at < campaign.at + duration({seconds: 86400 * $days})
RETURN consumer.id AS consumer, consumer.name AS name, first.at AS first, first.kind AS kind
ORDER BY first, consumer LIMIT $limit
