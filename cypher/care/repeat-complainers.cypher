// Who complains again and again
// about = "Consumers with several complaints to a brand, the most first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.complaints = {type = "integer", about = "the least", default = 2, low = 1, high = 1000000}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.complaints = {type = "integer"}
// columns.open = {type = "integer", about = "those that no recovery followed"}
// columns.firstAt = {type = "time"}
// columns.lastAt = {type = "time"}
// columns.worst = {type = "number", about = "valence, -1 to 0"}
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
WITH consumer, count(event) AS complaints, sum(CASE WHEN answer IS NULL THEN 1 ELSE 0 END) AS open,
  min(event.at) AS firstAt, max(event.at) AS lastAt, min(event.valence) AS worst
WHERE complaints >= $complaints
RETURN consumer.id AS consumer, consumer.name AS name, complaints, open, firstAt, lastAt, worst
ORDER BY complaints DESC, consumer LIMIT $limit
