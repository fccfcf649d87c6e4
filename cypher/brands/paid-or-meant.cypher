// Paid or meant
// about = "What consumers did toward a brand in the last days, by whether they were paid for it."
// access = "READ"
// needs = ["score"]
// parameters.brand = {type = "brand"}
// parameters.days = {type = "integer", about = "the last so many days before the time of the scores", default = 365, low = 1, high = 36500}
// columns.paid = {type = "text", about = "yes, no or not on record"}
// columns.interactions = {type = "integer", about = "from consumers"}
// columns.consumers = {type = "integer"}
// columns.share = {type = "number", about = "of the interactions from consumers to the brand, 0 to 1"}
// columns.meanValence = {type = "number", about = "-1 to 1"}
// columns.points = {type = "number", unit = "points", about = "given, each on its day"}
// columns.asOf = {type = "time"}
MATCH (current:Current {kind: 'score'}) WITH current.runId AS runId
CALL (runId) { MATCH ()-[bond:BOND]->() WHERE bond.runId = runId RETURN bond.asOf AS asOf LIMIT 1 }
MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer)
WHERE event.appliedPoints IS NOT NULL AND event.at > asOf - duration({days: $days})
WITH asOf, CASE event.paid WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'not on record' END AS paid,
  count(event) AS interactions, count(DISTINCT consumer) AS consumers, avg(event.valence) AS meanValence,
  sum(event.appliedPoints) AS points
WITH asOf, collect([paid, interactions, consumers, meanValence, points]) AS rows, sum(interactions) AS total
UNWIND rows AS row
RETURN row[0] AS paid, row[1] AS interactions, row[2] AS consumers, toFloat(row[1]) / total AS share,
  row[3] AS meanValence, row[4] AS points, asOf
ORDER BY interactions DESC, paid
