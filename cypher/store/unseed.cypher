// Take the seeds from the runs other than this one.
// name: unseed
// parameters: runId
// columns: cleared
// WRITE
MATCH (run:Run {kind: 'seeds'})-[seed:SEED]->() WHERE run.id <> $runId
DELETE seed
RETURN count(*) AS cleared
