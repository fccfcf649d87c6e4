// Make a completed run the current one of its kind; no row: it was abandoned meanwhile. All that a reader follows is one
// property of one node, which changes at once: a question the one of its kind, a command that of all (set-runs).
// A new node :Current gets a high id, as in record-migration.
// name: finish-run
// parameters: id, kind, number
// columns: id
// WRITE
MATCH (r:Run {id: $id})
SET r.lockedAt = datetime.realtime()
WITH r WHERE r.status = 'running'
CALL () {
  UNWIND CASE WHEN EXISTS { (:Current {kind: $kind}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
MERGE (current:Current {kind: $kind})
FOREACH (low IN lows | DELETE low)
SET current.lockedAt = datetime.realtime() REMOVE current.lockedAt
WITH r, current, current.runId AS former
SET current.runId = r.id, r.status = 'finished', r.number = $number
WITH r, former
OPTIONAL MATCH (old:Run {id: former})
FOREACH (_ IN CASE WHEN former <> r.id THEN [1] ELSE [] END |
  SET old.status = 'superseded', old.supersededAt = datetime.realtime())
RETURN r.id AS id
