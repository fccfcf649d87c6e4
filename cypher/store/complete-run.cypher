// Note when a running run ended, before anything points to it; no row: it was abandoned meanwhile.
// name: complete-run
// parameters: id, finishedAt
// columns: id
// WRITE
MATCH (r:Run {id: $id})
SET r.lockedAt = datetime.realtime()
WITH r WHERE r.status = 'running'
SET r.finishedAt = $finishedAt
RETURN r.id AS id
