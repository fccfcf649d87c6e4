// All bonds of a person
// about = "All bonds of a person, the strongest first."
// access = "READ"
// needs = ["score"]
// parameters.consumer = {type = "person"}
// columns.brand = {type = "text"}
// columns.name = {type = "text"}
// columns.fusionScore = {type = "number", unit = "points"}
// columns.toBrand = {type = "number", unit = "points"}
// columns.toConsumer = {type = "number", unit = "points"}
// columns.reciprocity = {type = "number", about = "0 to 1; null: only one direction is on record"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (consumer:Consumer {id: $consumer})-[bond:BOND]->(brand:Brand) WHERE bond.runId = runId
RETURN brand.id AS brand, brand.name AS name, bond.fusionScore AS fusionScore, bond.toBrand AS toBrand,
  bond.toConsumer AS toConsumer, bond.reciprocity AS reciprocity, bond.asOf AS asOf
ORDER BY fusionScore DESC, brand
