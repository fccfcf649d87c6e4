// Brands that a person shows together
// about = "Which brands a person showed or named together, in how many interactions, and when last."
// access = "READ"
// needs = ["score"]
// parameters.person = {type = "person"}
// columns.brand = {type = "text"}
// columns.name = {type = "text"}
// columns.other = {type = "text"}
// columns.otherName = {type = "text"}
// columns.interactions = {type = "integer"}
// columns.last = {type = "time"}
MATCH (:Current {kind: 'score'})
MATCH (:Consumer {id: $person})-[event:INTERACTED|RESPONDED]-(brand:Brand)
WHERE event.appliedPoints IS NOT NULL AND event.withBrands IS NOT NULL
UNWIND event.withBrands AS named
WITH DISTINCT event, brand, named WHERE named <> brand.id
OPTIONAL MATCH (other:Brand {id: named})
RETURN brand.id AS brand, brand.name AS name, named AS other, other.name AS otherName, count(*) AS interactions,
  max(event.at) AS last
ORDER BY interactions DESC, brand, other
