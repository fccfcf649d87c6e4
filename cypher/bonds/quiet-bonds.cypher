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
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (brand:Brand {id: $brand})<-[bond:BOND]-(consumer:Consumer)
WHERE bond.runId = run.id AND bond.fusionScore > 0
MATCH (brand)-[event:INTERACTED|RESPONDED]-(consumer) WHERE event.appliedPoints IS NOT NULL
WITH consumer, bond, max(event.at) AS lastAt WHERE lastAt <= bond.asOf - duration({days: $days})
RETURN consumer.id AS consumer, consumer.name AS name, bond.fusionScore AS fusionScore, lastAt,
  (bond.asOf.epochMillis - lastAt.epochMillis) / 86400000.0 AS quietDays, bond.asOf AS asOf
ORDER BY fusionScore DESC, consumer LIMIT $limit
