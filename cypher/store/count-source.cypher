// Note how many records a source gave when it was ingested to its end.
// name: count-source
// parameters: number, rows
// columns: -
// WRITE
MATCH (source:Source {number: $number})
SET source.rows = $rows
