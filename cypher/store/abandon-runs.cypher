// Give up the runs of this kind that never finished, but this one.
// name: abandon-runs
// parameters: id, kind
// columns: abandoned
// WRITE
MATCH (r:Run {kind: $kind, status: 'running'}) WHERE r.id <> $id
SET r.status = 'abandoned'
RETURN count(*) AS abandoned
