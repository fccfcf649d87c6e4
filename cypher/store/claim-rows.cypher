// Lock a running run and claim its next rows; fresh is false where they have committed before, no row: it was abandoned.
// name: claim-rows
// parameters: runId, offset, size
// columns: fresh
// WRITE
MATCH (r:Run {id: $runId})
SET r.lockedAt = datetime.realtime()
WITH r WHERE r.status = 'running'
WITH r, r.written = $offset AS fresh
SET r.written = CASE WHEN fresh THEN $offset + $size ELSE r.written END
RETURN fresh
