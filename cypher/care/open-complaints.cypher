// Complaints never recovered
// about = "Complaints to a brand that no recovery followed, the oldest first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.at = {type = "time"}
// columns.eventId = {type = "text"}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.kind = {type = "text"}
// columns.valence = {type = "number", about = "-1 to 0"}
// columns.points = {type = "number", unit = "points", about = "on its day"}
// columns.openDays = {type = "number", unit = "days", about = "up to the time of the scores"}
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
WITH * WHERE answer IS NULL
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name, event.kind AS kind,
  event.valence AS valence, event.appliedPoints AS points,
  (asOf.epochMillis - event.at.epochMillis) / 86400000.0 AS openDays, recoveries
ORDER BY at, eventId LIMIT $limit
