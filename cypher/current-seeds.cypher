// The people that the current run of seeds chose, in its order
// name: current-seeds
// parameters: -
// columns: rank, id, name, gain
// READ
MATCH (:Current {kind: 'seeds'})-[:POINTS_TO]->(run:Run)
MATCH (run)-[seed:SEED]->(person)
RETURN coalesce(seed.rank, seed.position) AS rank, person.id AS id, person.name AS name, seed.gain AS gain
ORDER BY rank
