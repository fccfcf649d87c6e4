// The runs whose results are kept as bytes, and their kinds.
// name: archived-runs
// parameters: -
// columns: id, kind
// READ
MATCH (archive:Archive {part: 0})
MATCH (run:Run {id: archive.runId})
RETURN run.id AS id, run.kind AS kind
