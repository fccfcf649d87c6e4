// A brand's best connected consumers
// about = "Consumers of a brand by their number of ties with other consumers of it: where word of mouth can pass."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.consumersTied = {type = "integer", about = "other consumers of the brand"}
// columns.allTied = {type = "integer", about = "all people, consumers of the brand or not"}
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(person:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH DISTINCT person
MATCH (person)-[:FOLLOWS|KNOWS|EXPOSED_TO]-(other:Consumer) WHERE other <> person
WITH DISTINCT person, other
WITH person, count(*) AS allTied, sum(CASE WHEN EXISTS {
  MATCH (other)-[event:INTERACTED|RESPONDED]-(:Brand {id: $brand}) WHERE event.appliedPoints IS NOT NULL
} THEN 1 ELSE 0 END) AS consumersTied
RETURN person.id AS id, person.name AS name, consumersTied, allTied
ORDER BY consumersTied DESC, id LIMIT $limit
