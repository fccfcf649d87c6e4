// A person over the years
// about = "What a person gave and got in each year (UTC) with an interaction on record, in points on the day of each event."
// access = "READ"
// needs = ["score"]
// parameters.person = {type = "person"}
// columns.year = {type = "integer"}
// columns.interactions = {type = "integer"}
// columns.brands = {type = "integer", about = "different brands"}
// columns.negative = {type = "integer", about = "interactions below zero"}
// columns.gave = {type = "number", unit = "points"}
// columns.got = {type = "number", unit = "points"}
MATCH (:Current {kind: 'score'})
MATCH (:Consumer {id: $person})-[event:INTERACTED|RESPONDED]-(brand:Brand) WHERE event.appliedPoints IS NOT NULL
RETURN event.at.year AS year, count(*) AS interactions, count(DISTINCT brand) AS brands,
  sum(CASE WHEN event.valence < 0 THEN 1 ELSE 0 END) AS negative,
  round(sum(CASE type(event) WHEN 'INTERACTED' THEN event.appliedPoints ELSE coalesce(event.returnedPoints, 0.0) END), 6) AS gave,
  round(sum(CASE type(event) WHEN 'RESPONDED' THEN event.appliedPoints ELSE coalesce(event.returnedPoints, 0.0) END), 6) AS got
ORDER BY year
