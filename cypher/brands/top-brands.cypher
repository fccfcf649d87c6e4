// Brands of the highest PageRank
// about = "The brands of the highest PageRank in the graph that was ranked last."
// access = "READ"
// needs = ["rank"]
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.category = {type = "text"}
// columns.pageRank = {type = "number"}
MATCH (current:Current {kind: 'rank'})
WITH current.runId AS runId
MATCH (part:Measure {runId: runId, label: 'Brand'})
WITH part ORDER BY part.part
WITH part.ids AS ids, part.scores AS scores
UNWIND range(0, size(ids) - 1) AS place
WITH ids[place] AS id, scores[place] AS pageRank LIMIT $limit
MATCH (brand:Brand {id: id})
RETURN id, brand.name AS name, brand.category AS category, pageRank
ORDER BY pageRank DESC, id
