// Who is new to a brand
// about = "Consumers whose first interaction with a brand on record is in the last days, the newest first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 90, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.firstAt = {type = "time"}
// columns.kind = {type = "text", about = "of the first interaction"}
// columns.interactions = {type = "integer"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH runId, asOf, brand, consumer, min(event.at) AS firstAt, count(event) AS interactions
WHERE firstAt > asOf - duration({days: $days})
WITH * ORDER BY firstAt DESC, consumer.id LIMIT $limit
MATCH (consumer)-[bond:BOND]->(brand) WHERE bond.runId = runId
CALL (brand, consumer) {
  MATCH (brand)-[event:INTERACTED|RESPONDED]-(consumer) WHERE event.appliedPoints IS NOT NULL
  RETURN event.kind AS kind ORDER BY event.at, event.eventId LIMIT 1
}
RETURN consumer.id AS consumer, consumer.name AS name, firstAt, kind, interactions,
  bond.fusionScore AS fusionScore, asOf
ORDER BY firstAt DESC, consumer
