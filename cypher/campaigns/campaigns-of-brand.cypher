// Campaigns of a brand
// about = "A brand's campaigns, the latest first, with its interactions in the days before and after; that they differ does not prove an effect."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "days on each side", default = 7, low = 1, high = 3650}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.campaign = {type = "text"}
// columns.at = {type = "time"}
// columns.kind = {type = "text"}
// columns.segment = {type = "text"}
// columns.note = {type = "text"}
// columns.before = {type = "integer", about = "interactions"}
// columns.after = {type = "integer", about = "interactions"}
MATCH (:Current {kind: 'score'})
MATCH (brand:Brand {id: $brand})<-[:BY]-(campaign:Campaign)
WITH brand, campaign ORDER BY campaign.at DESC, campaign.id LIMIT $limit
OPTIONAL MATCH (brand)-[event:INTERACTED|RESPONDED]-(:Consumer) WHERE event.appliedPoints IS NOT NULL
  AND event.at >= campaign.at - duration({seconds: 86400 * $days})
  AND event.at < campaign.at + duration({seconds: 86400 * $days})
RETURN campaign.id AS campaign, campaign.at AS at, campaign.kind AS kind, campaign.segment AS segment,
  campaign.note AS note, sum(CASE WHEN event.at < campaign.at THEN 1 ELSE 0 END) AS before,
  sum(CASE WHEN event.at >= campaign.at THEN 1 ELSE 0 END) AS after
ORDER BY at DESC, campaign
