// The ledger's identity and the number of its last transaction.
// name: read-ledger
// parameters: -
// columns: id, seq
// READ
MATCH (ledger:Ledger {name: 'ledger'})
RETURN ledger.id AS id, ledger.seq AS seq
