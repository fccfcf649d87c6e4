// Brands of the highest PageRank
// about = "The brands of the highest PageRank in the graph that was ranked last."
// access = "READ"
// needs = ["rank"]
// parameters.limit = {type = "integer", about = "rows at most", default = 20, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.category = {type = "text"}
// columns.pageRank = {type = "number"}
MATCH (:Current {kind: 'rank'})-[:POINTS_TO]->(run:Run)
MATCH (brand:Brand) WHERE brand.runId = run.id
RETURN brand.id AS id, brand.name AS name, brand.category AS category, brand.pageRank AS pageRank
ORDER BY pageRank DESC, id LIMIT $limit
