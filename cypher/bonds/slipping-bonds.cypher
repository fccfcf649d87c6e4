// Who bonds with a brand and slips
// about = "Consumers with a bond above zero who exchanged less with a brand in the last days than in as many days before, most lost first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 90, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.before = {type = "number", unit = "points", about = "given and received in as many days before, each on its day"}
// columns.recent = {type = "number", unit = "points", about = "given and received in the last days, each on its day"}
// columns.change = {type = "number", unit = "points", about = "recent less before"}
// columns.lastAt = {type = "time", about = "of the latest interaction"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
WITH runId, asOf, asOf - duration({days: $days}) AS start, asOf - duration({days: 2 * $days}) AS earlier
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH runId, asOf, start, earlier, brand, consumer, event.at AS at,
  event.appliedPoints + coalesce(event.returnedPoints, 0.0) AS points
WITH runId, asOf, start, brand, consumer, max(at) AS lastAt, min(at) AS firstAt,
  sum(CASE WHEN at > earlier AND at <= start THEN points ELSE 0.0 END) AS before,
  sum(CASE WHEN at > start THEN points ELSE 0.0 END) AS recent
WITH *, round(recent - before, 12) AS change WHERE change < 0
MATCH (consumer)-[bond:BOND]->(brand) WHERE bond.runId = runId AND bond.fusionScore > 0
RETURN consumer.id AS consumer, consumer.name AS name, bond.fusionScore AS fusionScore, before, recent, change, lastAt,
  asOf
ORDER BY change, consumer LIMIT $limit
