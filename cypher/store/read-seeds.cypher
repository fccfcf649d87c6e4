// The seeds of a run.
// name: read-seeds
// parameters: runId
// columns: position, id, gain
// READ
MATCH (:Run {id: $runId})-[seed:SEED]->(person:Consumer)
RETURN seed.position AS position, person.id AS id, seed.gain AS gain
ORDER BY position
