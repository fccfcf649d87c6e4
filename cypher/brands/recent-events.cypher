// Latest interactions of a brand
// about = "The latest interactions of a brand, with their points on the day."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.at = {type = "time"}
// columns.eventId = {type = "text"}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.direction = {type = "text"}
// columns.kind = {type = "text"}
// columns.points = {type = "number", unit = "points", about = "to the side of its direction, on its day"}
// columns.valence = {type = "number", about = "-1 to 1; null: no kind tells"}
// columns.withBrands = {type = "texts", about = "brands shown or named with it"}
MATCH (:Current {kind: 'score'})
MATCH (brand:Brand {id: $brand})-[event:INTERACTED|RESPONDED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name,
  CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
  event.kind AS kind, event.appliedPoints AS points, event.valence AS valence, event.withBrands AS withBrands
ORDER BY at DESC, eventId LIMIT $limit
