// Who is owed a recovery today
// about = "Consumers who complained to a brand within the days that a recovery may take and got none since, the most urgent first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "how long a recovery may take", default = 30, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.complaints = {type = "integer", about = "open ones"}
// columns.firstAt = {type = "time", about = "of the oldest of them"}
// columns.daysLeft = {type = "number", unit = "days", about = "for the oldest of them"}
// columns.worst = {type = "number", about = "valence, -1 to 0"}
// columns.fusionScore = {type = "number", unit = "points", about = "of the bond"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (brand:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.at > asOf - duration({days: $days}) AND event.appliedPoints IS NOT NULL AND event.valence < 0
  AND (event.touchpoint = 'problem_recovery' OR toLower(trim(event.kind)) IN ['complaint', 'blame'])
  AND NOT EXISTS {
    MATCH (brand)-[answer:RESPONDED]->(consumer)
    WHERE answer.appliedPoints IS NOT NULL AND answer.valence > 0 AND answer.touchpoint = 'problem_recovery'
      AND answer.at >= event.at
  }
WITH runId, asOf, brand, consumer, count(event) AS complaints, min(event.at) AS firstAt, min(event.valence) AS worst
MATCH (consumer)-[bond:BOND]->(brand) WHERE bond.runId = runId
RETURN consumer.id AS consumer, consumer.name AS name, complaints, firstAt,
  $days - (asOf.epochMillis - firstAt.epochMillis) / 86400000.0 AS daysLeft, worst,
  bond.fusionScore AS fusionScore, asOf
ORDER BY firstAt, consumer LIMIT $limit
