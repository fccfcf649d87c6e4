// A measure of a run, from the properties of the score and of its run.
// name: read-measures
// parameters: score, run, runId
// columns: label, rows
// READ
MATCH (n:Consumer) WHERE n[$run] = $runId
RETURN 'Consumer' AS label, collect([n.id, n[$score]]) AS rows
UNION ALL
MATCH (n:Brand) WHERE n[$run] = $runId
RETURN 'Brand' AS label, collect([n.id, n[$score]]) AS rows
