// A measure of a run: lists of ids and scores.
// name: read-measures
// parameters: runId
// columns: label, ids, scores
// READ
MATCH (part:Measure {runId: $runId})
RETURN part.label AS label, part.ids AS ids, part.scores AS scores
