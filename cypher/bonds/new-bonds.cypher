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
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (brand:Brand {id: $brand})<-[bond:BOND]-(consumer:Consumer) WHERE bond.runId = run.id
MATCH (brand)-[event:INTERACTED|RESPONDED]-(consumer) WHERE event.appliedPoints IS NOT NULL
WITH consumer, bond, event ORDER BY event.at, event.eventId
WITH consumer, bond, head(collect(event)) AS first, count(event) AS interactions
WHERE first.at > bond.asOf - duration({days: $days})
RETURN consumer.id AS consumer, consumer.name AS name, first.at AS firstAt, first.kind AS kind, interactions,
  bond.fusionScore AS fusionScore, bond.asOf AS asOf
ORDER BY firstAt DESC, consumer LIMIT $limit
