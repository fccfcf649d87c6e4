// A brand's consumers by city
// about = "How many people of each city deal with a brand, and how; null is who has no city on record."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.city = {type = "text"}
// columns.consumers = {type = "integer"}
// columns.interactions = {type = "integer"}
// columns.negative = {type = "integer", about = "interactions below zero"}
// columns.meanValence = {type = "number", about = "from -1 to 1"}
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(person:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH person.city AS city, count(DISTINCT person) AS consumers, count(*) AS interactions,
  sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative, avg(event.valence) AS meanValence
RETURN city, consumers, interactions, negative, meanValence
ORDER BY consumers DESC, city LIMIT $limit
