// Who influences a person
// about = "Who influences a person, as learned from whom the person was seen to follow, most probable first."
// access = "READ"
// needs = ["learn"]
// parameters.person = {type = "person"}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.probability = {type = "number"}
// columns.meanDelay = {type = "number", unit = "seconds"}
MATCH (current:Current {kind: 'learn'}) WITH current.runId AS runId
MATCH (:Consumer {id: $person})<-[tie:INFLUENCES]-(other:Consumer) WHERE tie.runId = runId
RETURN other.id AS id, other.name AS name, tie.probability AS probability, tie.meanDelay AS meanDelay
ORDER BY probability DESC, id LIMIT $limit
