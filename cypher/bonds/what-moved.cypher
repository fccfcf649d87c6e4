// What moved a score lately
// about = "The interactions of a person and a brand in the last days, those of the most points first; what spilled over from other brands is in `explain`."
// access = "READ"
// needs = ["score"]
// parameters.person = {type = "person"}
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 30, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.at = {type = "time"}
// columns.eventId = {type = "text"}
// columns.kind = {type = "text"}
// columns.direction = {type = "text"}
// columns.touchpoint = {type = "text"}
// columns.points = {type = "number", unit = "points", about = "to the side of its direction, on its day"}
// columns.returned = {type = "number", unit = "points", about = "to the other side, on its day"}
// columns.valence = {type = "number"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
MATCH (consumer:Consumer {id: $person})-[bond:BOND]->(brand:Brand {id: $brand}) WHERE bond.runId = runId
MATCH (consumer)-[event:INTERACTED|RESPONDED]-(brand)
WHERE event.appliedPoints IS NOT NULL AND event.at > bond.asOf - duration({days: $days})
RETURN event.at AS at, event.eventId AS eventId, event.kind AS kind,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  event.touchpoint AS touchpoint, event.appliedPoints AS points, coalesce(event.returnedPoints, 0.0) AS returned,
  event.valence AS valence
ORDER BY round(abs(points + returned), 12) DESC, at DESC, eventId LIMIT $limit
