// Make a running run the current one of its kind; no row: it was abandoned meanwhile. A new
// node :Current gets a high id, as in record-migration.
// name: finish-run
// parameters: id, kind, finishedAt
// columns: id
// WRITE
MATCH (r:Run {id: $id, status: 'running'})
CALL () {
  UNWIND CASE WHEN EXISTS { (:Current {kind: $kind}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
MERGE (current:Current {kind: $kind})
FOREACH (low IN lows | DELETE low)
WITH r, current
OPTIONAL MATCH (current)-[old:POINTS_TO]->(former:Run)
FOREACH (_ IN CASE WHEN former.id <> r.id THEN [1] ELSE [] END | SET former.status = 'superseded')
DELETE old
MERGE (current)-[:POINTS_TO]->(r)
SET r.status = 'finished', r.finishedAt = $finishedAt
RETURN r.id AS id
