// Influencers of a brand's consumers
// about = "The people found to move others to whom most consumers of a brand are exposed; found by all that is taken up, not by this brand alone."
// access = "READ"
// needs = ["influencers", "score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.foundStyle = {type = "text", about = "active: by what they say; passive: in silence"}
// columns.caused = {type = "number", unit = "adoptions", about = "of all that is taken up"}
// columns.consumers = {type = "integer", about = "of the brand who are exposed to this person"}
MATCH (current:Current {kind: 'influencers'}) WITH current.runId AS runId
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH DISTINCT runId, consumer
CALL (runId, consumer) {
  MATCH (consumer)-[:FOLLOWS|EXPOSED_TO]->(person:FoundInfluencer) WHERE person.causedRunId = runId RETURN person
  UNION
  MATCH (consumer)-[:KNOWS]-(person:FoundInfluencer) WHERE person.causedRunId = runId RETURN person
}
WITH person, count(*) AS consumers
RETURN person.id AS id, person.name AS name, person.foundStyle AS foundStyle, person.caused AS caused, consumers
ORDER BY consumers DESC, id LIMIT $limit
