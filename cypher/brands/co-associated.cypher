// Brands seen together with a brand
// about = "Brands that consumers showed or named together with a brand, the strongest link first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.brand = {type = "text", about = "the other brand"}
// columns.name = {type = "text"}
// columns.strength = {type = "number", unit = "interactions", about = "each faded to the time of the scores"}
// columns.events = {type = "integer"}
// columns.consumers = {type = "integer"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (:Brand {id: $brand})-[tie:CO_ASSOCIATED]->(other:Brand) WHERE tie.runId = runId
RETURN other.id AS brand, other.name AS name, tie.strength AS strength, tie.events AS events,
  tie.consumers AS consumers
ORDER BY strength DESC, brand LIMIT $limit
