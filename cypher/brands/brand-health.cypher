// A brand month by month
// about = "A brand's interactions month by month: how many, how many of them negative, and their mean valence."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// columns.month = {type = "day", about = "its first day, UTC"}
// columns.interactions = {type = "integer"}
// columns.negative = {type = "integer"}
// columns.meanValence = {type = "number", about = "-1 to 1; null: no kind tells"}
MATCH (:Current {kind: 'score'})
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH date.truncate('month', event.at) AS month, event
RETURN month, count(*) AS interactions, sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative,
  avg(event.valence) AS meanValence
ORDER BY month
