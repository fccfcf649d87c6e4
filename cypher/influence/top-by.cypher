// People of the highest measure
// about = "The people of the highest measure of `rank --by`; a measure also goes by its property in the graph."
// access = "READ"
// parameters.measure = {type = "text", choices = "measures", default = "pagerank"}
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.score = {type = "number"}
MATCH (:Current)-[:POINTS_TO]->(run:Run)
WHERE run.property IS NOT NULL AND $measure IN [run.measure, run.kind, run.property]
MATCH (person:Consumer) WHERE person[run.runProperty] = run.id
RETURN person.id AS id, person.name AS name, person.style AS style, person[run.property] AS score
ORDER BY score DESC, id LIMIT $limit
