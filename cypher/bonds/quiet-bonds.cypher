// Good bonds gone quiet
// about = "Consumers with a bond above zero and no interaction with a brand in the last days, the strongest first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 90, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.lastAt = {type = "time", about = "of the latest interaction"}
// columns.quietDays = {type = "number", unit = "days"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH runId, asOf, brand, consumer, max(event.at) AS lastAt WHERE lastAt <= asOf - duration({days: $days})
MATCH (consumer)-[bond:BOND]->(brand) WHERE bond.runId = runId AND bond.fusionScore > 0
RETURN consumer.id AS consumer, consumer.name AS name, bond.fusionScore AS fusionScore, lastAt,
  (asOf.epochMillis - lastAt.epochMillis) / 86400000.0 AS quietDays, asOf
ORDER BY fusionScore DESC, consumer LIMIT $limit
