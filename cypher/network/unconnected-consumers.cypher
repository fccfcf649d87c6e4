// A brand's consumers without ties
// about = "Consumers of a brand who have no tie on record: nothing says who moves them."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.interactions = {type = "integer", about = "with the brand"}
// columns.last = {type = "time"}
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(person:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH person, count(*) AS interactions, max(event.at) AS last
WHERE NOT EXISTS { (person)-[:FOLLOWS|KNOWS|EXPOSED_TO]-(:Consumer) }
RETURN person.id AS id, person.name AS name, interactions, last
ORDER BY interactions DESC, id LIMIT $limit
