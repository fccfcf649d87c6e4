// Followed people without a word
// about = "People whom others follow or are exposed to and who have no interaction of their own on record."
// access = "READ"
// needs = ["score"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.tiesOnRecord = {type = "integer", about = "followers and the exposed"}
MATCH (:Current {kind: 'score'})
MATCH (person:Consumer)
WITH person, COUNT { (person)<-[:FOLLOWS]-() } + COUNT { (person)<-[:EXPOSED_TO]-() } AS tiesOnRecord
WHERE tiesOnRecord > 0
  AND NOT EXISTS { MATCH (person)-[event:INTERACTED]->(:Brand) WHERE event.appliedPoints IS NOT NULL }
RETURN person.id AS id, person.name AS name, person.style AS style, tiesOnRecord
ORDER BY tiesOnRecord DESC, id LIMIT $limit
