// Bonds below zero
// about = "Bonds below zero over all brands, the worst first."
// access = "READ"
// needs = ["score"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.consumerName = {type = "text"}
// columns.brand = {type = "text"}
// columns.brandName = {type = "text"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (consumer:Consumer)-[bond:BOND {runId: runId}]->(brand:Brand) WHERE bond.fusionScore < 0
RETURN consumer.id AS consumer, consumer.name AS consumerName, brand.id AS brand, brand.name AS brandName,
  bond.fusionScore AS fusionScore, bond.asOf AS asOf
ORDER BY fusionScore, consumer, brand LIMIT $limit
