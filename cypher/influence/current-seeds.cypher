// Whom to win first
// about = "The people that the current run of seeds chose, in its order."
// access = "READ"
// needs = ["seeds"]
// columns.rank = {type = "integer"}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.gain = {type = "number", unit = "people", about = "more people reached when this one is added"}
MATCH (:Current {kind: 'seeds'})-[:POINTS_TO]->(run:Run)
MATCH (run)-[seed:SEED]->(person:Consumer)
RETURN coalesce(seed.rank, seed.position) AS rank, person.id AS id, person.name AS name, seed.gain AS gain
ORDER BY rank
