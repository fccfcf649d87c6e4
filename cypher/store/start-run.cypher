// Note a run that is about to write; its results are not visible yet.
// name: start-run
// parameters: run
// columns: -
// WRITE
MERGE (r:Run {id: $run.id})
SET r.kind = $run.kind, r.status = 'running', r.startedAt = $run.startedAt, r.finishedAt = null,
  r.inputDigest = $run.inputDigest, r.parameters = $run.parameters, r.version = $run.version,
  r.measure = $run.measure, r.property = $run.property, r.runProperty = $run.runProperty, r.written = 0
