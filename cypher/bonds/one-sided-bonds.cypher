// Bonds in which one side gives
// about = "Bonds of a brand in which one side gives far more than the other, or only one side is on record, the most unequal first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.reciprocity = {type = "number", about = "the most, 0 to 1", default = 0.25, low = 0, high = 1}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.givesMore = {type = "text", about = "consumer or brand"}
// columns.toBrand = {type = "number", unit = "points"}
// columns.toConsumer = {type = "number", unit = "points"}
// columns.reciprocity = {type = "number", about = "0 to 1; null: only one direction is on record"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (:Brand {id: $brand})<-[bond:BOND]-(consumer:Consumer)
WHERE bond.runId = runId AND coalesce(bond.reciprocity, 0.0) <= $reciprocity AND bond.toBrand <> bond.toConsumer
RETURN consumer.id AS consumer, consumer.name AS name,
  CASE WHEN bond.toBrand > bond.toConsumer THEN 'consumer' ELSE 'brand' END AS givesMore,
  bond.toBrand AS toBrand, bond.toConsumer AS toConsumer, bond.reciprocity AS reciprocity, bond.asOf AS asOf
ORDER BY round(abs(toBrand - toConsumer), 12) DESC, consumer LIMIT $limit
