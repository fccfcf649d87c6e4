// Share of voice of all brands
// about = "Which share of all that consumers did toward any brand in the last days each brand has."
// access = "READ"
// needs = ["score"]
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 90, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.brand = {type = "text"}
// columns.name = {type = "text"}
// columns.category = {type = "text"}
// columns.interactions = {type = "integer", about = "from consumers"}
// columns.consumers = {type = "integer"}
// columns.share = {type = "number", about = "of the interactions from consumers to all brands, 0 to 1"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (brand:Brand)<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL AND event.at > asOf - duration({days: $days})
WITH asOf, brand, count(event) AS interactions, count(DISTINCT consumer) AS consumers
WITH asOf, collect([brand, interactions, consumers]) AS rows, sum(interactions) AS total
UNWIND rows AS row
WITH asOf, total, row[0] AS brand, row[1] AS interactions, row[2] AS consumers
RETURN brand.id AS brand, brand.name AS name, brand.category AS category, interactions, consumers,
  toFloat(interactions) / total AS share, asOf
ORDER BY interactions DESC, brand LIMIT $limit
