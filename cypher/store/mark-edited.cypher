// Tell all mirrors that records were changed by hand: they are read anew.
// name: mark-edited
// parameters: -
// columns: edition
// WRITE
MATCH (ledger:Ledger {name: 'ledger'})
SET ledger.edition = randomUUID()
RETURN ledger.edition AS edition
