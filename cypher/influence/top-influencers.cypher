// People of the highest PageRank
// about = "The people of the highest PageRank of the current ranking."
// access = "READ"
// needs = ["rank"]
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.pageRank = {type = "number"}
MATCH (:Current {kind: 'rank'})-[:POINTS_TO]->(run:Run)
MATCH (person:Consumer) WHERE person.runId = run.id
RETURN person.id AS id, person.name AS name, person.style AS style, person.pageRank AS pageRank
ORDER BY pageRank DESC, id LIMIT $limit
