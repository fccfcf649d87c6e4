// Bad news of a brand that many saw
// about = "Interactions against a brand in the last days, those that most people saw first."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 365, low = 1, high = 36500}
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.at = {type = "time"}
// columns.eventId = {type = "text"}
// columns.consumer = {type = "text"}
// columns.name = {type = "text"}
// columns.kind = {type = "text"}
// columns.valence = {type = "number", about = "-1 to 0"}
// columns.points = {type = "number", unit = "points", about = "on its day"}
// columns.reach = {type = "number", unit = "people", about = "who saw it; null: not on record"}
// columns.withBrands = {type = "texts", about = "brands named with it"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL AND event.valence < 0 AND event.at > asOf - duration({days: $days})
RETURN event.at AS at, event.eventId AS eventId, consumer.id AS consumer, consumer.name AS name, event.kind AS kind,
  event.valence AS valence, event.appliedPoints AS points, event.reach AS reach, event.withBrands AS withBrands
ORDER BY coalesce(reach, -1.0) DESC, at DESC, eventId LIMIT $limit
