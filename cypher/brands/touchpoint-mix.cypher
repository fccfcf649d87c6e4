// How a brand and its consumers meet
// about = "A brand's interactions by touchpoint, kind and direction, the most frequent first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// columns.touchpoint = {type = "text", about = "null: neither the record nor its kind tells"}
// columns.kind = {type = "text"}
// columns.direction = {type = "text"}
// columns.interactions = {type = "integer"}
// columns.meanValence = {type = "number", about = "-1 to 1; null: no kind tells"}
MATCH (:Current {kind: 'score'})
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(:Consumer) WHERE event.appliedPoints IS NOT NULL
RETURN event.touchpoint AS touchpoint, event.kind AS kind,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  count(*) AS interactions, avg(event.valence) AS meanValence
ORDER BY interactions DESC, touchpoint, kind, direction
