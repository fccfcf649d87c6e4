// Lift of a brand's campaigns
// about = "By how much each campaign of a brand raised what was counted, the clearest first, as the current run of lift tells; records that differ by their segment alone are one campaign, and of 20 without an effect about one looks clear by chance."
// access = "READ"
// needs = ["lift"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.campaign = {type = "text", about = "id of its first record"}
// columns.at = {type = "time"}
// columns.kind = {type = "text"}
// columns.note = {type = "text"}
// columns.lift = {type = "number", about = "in all over the declared days, of what was counted; null where it cannot be told"}
// columns.low = {type = "number", about = "low end of 95 %"}
// columns.high = {type = "number", about = "high end of 95 %"}
// columns.relative = {type = "number", unit = "%"}
// columns.p = {type = "number", about = "how often a campaign without an effect looks as far out"}
// columns.status = {type = "text", about = "higher, lower, no clear change, cannot tell"}
// columns.lag = {type = "integer", unit = "days", about = "when it began, 0 is the day of the campaign"}
// columns.days = {type = "integer", unit = "days", about = "declared"}
// columns.outcome = {type = "text", about = "what was counted"}
// columns.others = {type = "integer", about = "campaigns of the brand in these days: what each did cannot be told apart"}
// columns.reason = {type = "text", about = "why it cannot be told"}
MATCH (current:Current {kind: 'lift'}) WITH current.runId AS runId
MATCH (:Brand {id: $brand})<-[:BY]-(event:Campaign) WHERE event.liftRunId = runId
WITH event ORDER BY event.id
WITH event.liftFirst AS first, head(collect(event)) AS campaign
RETURN campaign.id AS campaign, campaign.at AS at, campaign.kind AS kind, campaign.note AS note, campaign.lift AS lift,
  campaign.liftLow AS low, campaign.liftHigh AS high, campaign.liftPercent AS relative, campaign.liftP AS p,
  campaign.liftStatus AS status, campaign.liftLag AS lag, campaign.liftDays AS days, campaign.liftOutcome AS outcome,
  campaign.liftOthers AS others, campaign.liftReason AS reason
ORDER BY p, campaign LIMIT $limit
