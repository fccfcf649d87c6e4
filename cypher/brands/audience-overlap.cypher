// Brands with the same audience
// about = "Which other brands share how much of a brand's audience, that is of everybody with an interaction on record."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.brand = {type = "text", about = "the other brand"}
// columns.name = {type = "text"}
// columns.shared = {type = "integer", unit = "people"}
// columns.ours = {type = "integer", unit = "people"}
// columns.theirs = {type = "integer", unit = "people"}
// columns.shareOfOurs = {type = "number", about = "shared / ours"}
// columns.jaccard = {type = "number", about = "shared / all people of either brand, 0 to 1"}
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH collect(DISTINCT consumer) AS audience
WITH audience, size(audience) AS ours
UNWIND audience AS consumer
MATCH (consumer)-[event:INTERACTED|RESPONDED]-(other:Brand)
WHERE other.id <> $brand AND event.appliedPoints IS NOT NULL
WITH ours, other, count(DISTINCT consumer) AS shared
CALL (other) {
  MATCH (other)-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
  RETURN count(DISTINCT consumer) AS theirs
}
RETURN other.id AS brand, other.name AS name, shared, ours, theirs, toFloat(shared) / ours AS shareOfOurs,
  toFloat(shared) / (ours + theirs - shared) AS jaccard
ORDER BY jaccard DESC, brand LIMIT $limit
