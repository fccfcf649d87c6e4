// Let a run be one of those that were pruned, without its parameters; it is not current any more.
// name: drop-run
// parameters: id
// columns: -
// WRITE
MATCH (run:Run {id: $id})
SET run.pruned = true, run.parameters = '{}'
WITH run
OPTIONAL MATCH (current:Current {runId: run.id})
DELETE current
