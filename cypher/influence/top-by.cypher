// People of the highest measure
// about = "The people of the highest measure of `rank --by`; a measure also goes by its property in the graph."
// access = "READ"
// parameters.measure = {type = "text", choices = "measures", default = "pagerank"}
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.score = {type = "number"}
MATCH (current:Current) WHERE current.kind IS NOT NULL
WITH current.runId AS runId
MATCH (run:Run {id: runId}) WHERE run.property IS NOT NULL AND $measure IN [run.measure, run.kind, run.property]
MATCH (part:Measure {runId: runId, label: 'Consumer'})
WITH part ORDER BY part.part
WITH part.ids AS ids, part.scores AS scores
UNWIND range(0, size(ids) - 1) AS place
WITH ids[place] AS id, scores[place] AS score LIMIT $limit
MATCH (person:Consumer {id: id})
RETURN id, person.name AS name, person.style AS style, score
ORDER BY score DESC, id
