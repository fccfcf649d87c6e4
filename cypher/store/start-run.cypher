// Note a run that is about to write; its results are not visible yet. It gets a high id, as in record-migration.
// name: start-run
// parameters: run
// columns: -
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
MERGE (r:Run {id: $run.id})
FOREACH (low IN lows | DELETE low)
SET r.kind = $run.kind, r.status = 'running', r.startedAt = $run.startedAt, r.finishedAt = null,
  r.inputDigest = $run.inputDigest, r.parameters = $run.parameters, r.version = $run.version,
  r.measure = $run.measure, r.property = $run.property, r.runProperty = $run.runProperty, r.written = 0, r.number = 0
