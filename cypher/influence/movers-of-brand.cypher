// Who moves a brand's consumers
// about = "The people whose learned influence reaches most of the consumers who gave a brand something."
// access = "READ"
// needs = ["learn", "score"]
// parameters.brand = {type = "brand"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.expected = {type = "number", unit = "people", about = "sum of the probabilities of influence"}
// columns.consumers = {type = "integer", about = "of the brand whom this person influences"}
MATCH (current:Current {kind: 'learn'}) WITH current.runId AS runId
MATCH (:Current {kind: 'score'})
MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
WITH DISTINCT runId, consumer
MATCH (consumer)<-[tie:INFLUENCES]-(person:Consumer) WHERE tie.runId = runId
WITH person, round(sum(tie.probability), 6) AS expected, count(*) AS consumers
RETURN person.id AS id, person.name AS name, person.style AS style, expected, consumers
ORDER BY expected DESC, id LIMIT $limit
