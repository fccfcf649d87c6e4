// Where consumers meet a brand
// about = "On which channels and platforms consumers turned to a brand in the last days, and how they judged it there."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 365, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.channel = {type = "text", about = "null: not on record"}
// columns.platform = {type = "text", about = "null: not on record"}
// columns.interactions = {type = "integer", about = "from consumers"}
// columns.consumers = {type = "integer"}
// columns.negative = {type = "integer"}
// columns.meanValence = {type = "number", about = "-1 to 1"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL AND event.at > asOf - duration({days: $days})
RETURN event.channel AS channel, event.platform AS platform, count(event) AS interactions,
  count(DISTINCT consumer) AS consumers, sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative,
  avg(event.valence) AS meanValence
ORDER BY interactions DESC, channel, platform LIMIT $limit
