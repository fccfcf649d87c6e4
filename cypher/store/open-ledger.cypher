// Make the ledger where there is none, before the first transaction of records; it gets a high id, as in record-migration.
// name: open-ledger
// parameters: -
// columns: -
// WRITE
CALL () {
  UNWIND CASE WHEN EXISTS { (:Ledger {name: 'ledger'}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
MERGE (ledger:Ledger {name: 'ledger'})
  ON CREATE SET ledger.id = randomUUID(), ledger.seq = 0, ledger.recent = []
FOREACH (low IN lows | DELETE low)
