// Groups of brands seen together
// about = "Groups of brands that are linked, directly or by others, because consumers show or name them together."
// access = "READ"
// needs = ["score"]
// parameters.strength = {type = "number", about = "the least of a link, in interactions faded to the time of the scores", default = 0.5, low = 0, high = 1000000}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.brands = {type = "texts"}
// columns.names = {type = "texts"}
// columns.size = {type = "integer", unit = "brands"}
// columns.links = {type = "integer", about = "pairs of brands, of at least the strength"}
// columns.strength = {type = "number", unit = "interactions", about = "of all links together, faded"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (brand:Brand)-[tie:CO_ASSOCIATED]->(:Brand) WHERE tie.runId = runId AND tie.strength >= $strength
WITH DISTINCT runId, brand
MATCH (brand)-[ties:CO_ASSOCIATED*0..]->(other:Brand)
WHERE all(tie IN ties WHERE tie.runId = runId AND tie.strength >= $strength)
WITH DISTINCT runId, brand, other.id AS reached
WITH runId, brand, min(reached) AS first ORDER BY brand.id
WITH runId, first, collect(brand) AS members
CALL (runId, members) {
  UNWIND members AS one
  MATCH (one)-[tie:CO_ASSOCIATED]->(other:Brand)
  WHERE one.id < other.id AND tie.runId = runId AND tie.strength >= $strength
  RETURN count(tie) AS links, sum(tie.strength) AS strength
}
RETURN [each IN members | each.id] AS brands, [each IN members | coalesce(each.name, each.id)] AS names,
  size(members) AS size, links, strength
ORDER BY size DESC, first LIMIT $limit
