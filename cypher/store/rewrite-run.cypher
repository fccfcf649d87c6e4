// Give a run other parameters.
// name: rewrite-run
// parameters: id, text
// columns: -
// WRITE
MATCH (run:Run {id: $id})
SET run.parameters = $text
