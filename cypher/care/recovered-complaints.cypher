// Complaints and how long their recovery took
// about = "Complaints to a brand with the first recovery that followed, the slowest first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.at = {type = "time"}
// columns.eventId = {type = "text"}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.kind = {type = "text"}
// columns.recoveredAt = {type = "time"}
// columns.recoveryKind = {type = "text"}
// columns.days = {type = "number", unit = "days", about = "from the complaint to the recovery"}
MATCH (:Current {kind: 'score'})
MATCH (brand:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer)
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
WITH * WHERE answer IS NOT NULL
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name, event.kind AS kind,
  answer.at AS recoveredAt, answer.kind AS recoveryKind,
  (answer.at.epochMillis - event.at.epochMillis) / 86400000.0 AS days
ORDER BY days DESC, eventId LIMIT $limit
