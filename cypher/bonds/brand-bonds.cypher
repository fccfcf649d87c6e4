// Strongest bonds of a brand
// about = "The bonds of a brand, the strongest first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.toBrand = {type = "number", unit = "points"}
// columns.toConsumer = {type = "number", unit = "points"}
// columns.reciprocity = {type = "number", about = "0 to 1; null: only one direction is on record"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (brand:Brand {id: $brand})<-[bond:BOND]-(consumer:Consumer) WHERE bond.runId = runId
RETURN consumer.id AS consumer, consumer.name AS name, bond.fusionScore AS fusionScore, bond.toBrand AS toBrand,
  bond.toConsumer AS toConsumer, bond.reciprocity AS reciprocity, bond.asOf AS asOf
ORDER BY fusionScore DESC, consumer LIMIT $limit
