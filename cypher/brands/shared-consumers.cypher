// Whom two brands share
// about = "Consumers who deal with both of two brands, those with the most interactions first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.other = {type = "brand", about = "the other brand", example = "restaurant"}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.withBrand = {type = "integer", about = "interactions with the brand"}
// columns.withOther = {type = "integer", about = "interactions with the other"}
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH consumer, count(event) AS withBrand
MATCH (consumer)-[event:INTERACTED|RESPONDED]-(:Brand {id: $other}) WHERE event.appliedPoints IS NOT NULL
RETURN consumer.id AS consumer, consumer.name AS name, withBrand, count(event) AS withOther
ORDER BY withBrand + withOther DESC, consumer LIMIT $limit
