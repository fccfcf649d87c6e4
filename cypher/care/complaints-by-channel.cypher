// Complaints by channel
// about = "How many complaints of each channel a brand has, and which share of those whose time is over it recovered in time."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "how long a recovery may take", default = 30, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.channel = {type = "text", about = "null: not on record"}
// columns.complaints = {type = "integer"}
// columns.consumers = {type = "integer"}
// columns.followed = {type = "integer", about = "complaints of at least so many days ago"}
// columns.recovered = {type = "integer", about = "of those followed, within the days"}
// columns.rate = {type = "number", about = "recovered / followed; null: none followed, or no recoveries are on record"}
// columns.recoveries = {type = "integer", about = "of the brand on record, to anybody; 0: it may record none"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (brand:Brand {id: $brand})
CALL (brand) {
  MATCH (brand)-[answer:RESPONDED]->(:Consumer)
  WHERE answer.appliedPoints IS NOT NULL AND answer.valence > 0
    AND answer.touchpoint = 'problem_recovery'
  RETURN count(answer) AS recoveries
}
MATCH (brand)<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL AND event.valence < 0
  AND (event.touchpoint = 'problem_recovery' OR toLower(trim(event.kind)) IN ['complaint', 'blame'])
CALL (brand, consumer, event) {
  OPTIONAL MATCH (brand)-[answer:RESPONDED]->(consumer)
  WHERE answer.appliedPoints IS NOT NULL AND answer.valence > 0
    AND answer.touchpoint = 'problem_recovery'
    AND answer.at >= event.at
  WITH answer ORDER BY answer.at, answer.eventId LIMIT 1
  RETURN answer
}
WITH event.channel AS channel, consumer, recoveries, event.at <= asOf - duration({days: $days}) AS followed,
  answer.at <= event.at + duration({days: $days}) AS recovered
WITH channel, recoveries, count(*) AS complaints, count(DISTINCT consumer) AS consumers,
  sum(CASE WHEN followed THEN 1 ELSE 0 END) AS followed,
  sum(CASE WHEN followed AND recovered THEN 1 ELSE 0 END) AS recovered
RETURN channel, complaints, consumers, followed, recovered,
  CASE WHEN followed > 0 AND recoveries > 0 THEN toFloat(recovered) / followed END AS rate, recoveries
ORDER BY complaints DESC, channel LIMIT $limit
