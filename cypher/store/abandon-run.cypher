// Give up a run that is not yet current.
// name: abandon-run
// parameters: id
// columns: -
// WRITE
MATCH (r:Run {id: $id})
SET r.lockedAt = datetime.realtime()
WITH r WHERE r.status = 'running'
SET r.status = 'abandoned'
