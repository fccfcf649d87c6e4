// The seeds of a run.
// name: read-seeds
// parameters: runId
// columns: rank, id, gain
// READ
MATCH (:Run {id: $runId})-[seed:SEED]->(person:Consumer)
RETURN coalesce(seed.rank, seed.position) AS rank, person.id AS id, seed.gain AS gain
ORDER BY rank
