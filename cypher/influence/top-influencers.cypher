// People of the highest PageRank
// about = "The people of the highest PageRank of the current ranking."
// access = "READ"
// needs = ["rank"]
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.pageRank = {type = "number"}
MATCH (current:Current {kind: 'rank'})
WITH current.runId AS runId
MATCH (part:Measure {runId: runId, label: 'Consumer'})
WITH part ORDER BY part.part
WITH part.ids AS ids, part.scores AS scores
UNWIND range(0, size(ids) - 1) AS place
WITH ids[place] AS id, scores[place] AS pageRank LIMIT $limit
MATCH (person:Consumer {id: id})
RETURN id, person.name AS name, person.style AS style, pageRank
ORDER BY pageRank DESC, id
