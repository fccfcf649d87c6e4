// Make a table, as JSON, what the kinds of interaction mean here; null: the built-in one.
// name: set-touchpoints
// parameters: table
// columns: -
// WRITE
MATCH (ledger:Ledger {name: 'ledger'})
SET ledger.touchpoints = $table
