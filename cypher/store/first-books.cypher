// Which of the first nodes keep books that may move: all without a run; with one that is not yet current all but what
// readers of other runs follow, and archives, which are null.
// name: first-books
// parameters: runId, limit
// columns: keepsBooks
// READ
MATCH (n)
RETURN CASE
  WHEN NOT n:Migration|Ledger|LedgerPage|Lease|Run|Current|Measure|CurrentRuns|Recalculation|Tick|State|Source|Tombstone|Archive THEN false
  WHEN $runId IS NULL AND NOT n:Archive OR n:Migration|Ledger|LedgerPage|Lease OR $runId IN [n.id, n.runId] THEN true END AS keepsBooks
LIMIT $limit
