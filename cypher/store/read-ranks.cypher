// The ranks of a run.
// name: read-ranks
// parameters: runId
// columns: label, rows
// READ
MATCH (n:Consumer) WHERE n.runId = $runId
RETURN 'Consumer' AS label, collect([n.id, n.pageRank]) AS rows
UNION ALL
MATCH (n:Brand) WHERE n.runId = $runId
RETURN 'Brand' AS label, collect([n.id, n.pageRank]) AS rows
