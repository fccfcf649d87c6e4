// All brands by their bonds
// about = "All brands by the sum of their bonds, with how many bonds are above and below zero."
// access = "READ"
// needs = ["score"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.brand = {type = "text"}
// columns.name = {type = "text"}
// columns.category = {type = "text"}
// columns.bonds = {type = "integer"}
// columns.above = {type = "integer", about = "bonds above zero"}
// columns.below = {type = "integer", about = "bonds below zero"}
// columns.sum = {type = "number", unit = "points", about = "of the scores of all its bonds"}
// columns.mean = {type = "number", unit = "points", about = "per bond"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (brand:Brand)<-[bond:BOND]-(:Consumer) WHERE bond.runId = runId
WITH brand, count(bond) AS bonds, sum(CASE WHEN bond.fusionScore > 0 THEN 1 ELSE 0 END) AS above,
  sum(CASE WHEN bond.fusionScore < 0 THEN 1 ELSE 0 END) AS below, sum(bond.fusionScore) AS sum,
  avg(bond.fusionScore) AS mean, max(bond.asOf) AS asOf
RETURN brand.id AS brand, brand.name AS name, brand.category AS category, bonds, above, below, sum, mean, asOf
ORDER BY round(sum, 12) DESC, brand LIMIT $limit
