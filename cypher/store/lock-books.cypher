// Lock the books until the end of the transaction, so that one moves them at a time.
// name: lock-books
// parameters: -
// columns: -
// WRITE
MATCH (ledger:Ledger {name: 'ledger'})
SET ledger.lockedAt = datetime.realtime()
