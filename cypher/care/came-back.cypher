// Who came back after a recovery
// about = "Consumers whose complaint a brand recovered, with what they did first for the brand after their latest recovery; null: nothing yet."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.recoveredAt = {type = "time", about = "latest recovery of a complaint"}
// columns.backAt = {type = "time"}
// columns.kind = {type = "text"}
// columns.days = {type = "number", unit = "days", about = "from the recovery to that"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
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
WITH asOf, brand, consumer, max(answer.at) AS recoveredAt WHERE recoveredAt IS NOT NULL
CALL (brand, consumer, recoveredAt) {
  OPTIONAL MATCH (brand)<-[back:INTERACTED]-(consumer)
  WHERE back.appliedPoints IS NOT NULL AND back.valence > 0 AND back.at > recoveredAt
  WITH back ORDER BY back.at, back.eventId LIMIT 1
  RETURN back
}
RETURN consumer.id AS consumer, consumer.name AS name, recoveredAt, back.at AS backAt, back.kind AS kind,
  (back.at.epochMillis - recoveredAt.epochMillis) / 86400000.0 AS days, asOf
ORDER BY recoveredAt DESC, consumer LIMIT $limit
