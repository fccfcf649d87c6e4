// Most followed people
// about = "People by the number of their followers and friends on record, beside the followers that their platform states."
// access = "READ"
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.tiesOnRecord = {type = "integer", about = "followers, friends and the exposed"}
// columns.statedFollowers = {type = "integer", about = "as the record of the person states"}
MATCH (person:Consumer)
WITH person, COUNT { (person)<-[:FOLLOWS]-() } + COUNT { (person)-[:KNOWS]-() } + COUNT { (person)<-[:EXPOSED_TO]-() }
  AS tiesOnRecord
WHERE tiesOnRecord > 0
RETURN person.id AS id, person.name AS name, person.style AS style, tiesOnRecord, person.followers AS statedFollowers
ORDER BY tiesOnRecord DESC, id LIMIT $limit
