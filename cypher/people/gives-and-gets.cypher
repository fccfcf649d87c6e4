// What a person gives and gets
// about = "What a person gave each brand and got from it, in points on the day of each event, before they fade and without spillover."
// access = "READ"
// needs = ["score"]
// parameters.person = {type = "person"}
// columns.brand = {type = "text"}
// columns.name = {type = "text"}
// columns.interactions = {type = "integer"}
// columns.gave = {type = "number", unit = "points"}
// columns.got = {type = "number", unit = "points"}
// columns.first = {type = "time"}
// columns.last = {type = "time"}
MATCH (:Current {kind: 'score'})
MATCH (:Consumer {id: $person})-[event:INTERACTED|RESPONDED]-(brand:Brand) WHERE event.appliedPoints IS NOT NULL
WITH brand, count(*) AS interactions, min(event.at) AS first, max(event.at) AS last,
  round(sum(CASE type(event) WHEN 'INTERACTED' THEN event.appliedPoints ELSE coalesce(event.returnedPoints, 0.0) END), 6) AS gave,
  round(sum(CASE type(event) WHEN 'RESPONDED' THEN event.appliedPoints ELSE coalesce(event.returnedPoints, 0.0) END), 6) AS got
RETURN brand.id AS brand, brand.name AS name, interactions, gave, got, first, last
ORDER BY gave + got DESC, brand
