// The learned influences of a run, one list per person.
// name: read-influences
// parameters: runId
// columns: source, rows
// READ
MATCH (source:Consumer)-[tie:INFLUENCES {runId: $runId}]->(target:Consumer)
RETURN source.id AS source, collect([target.id, tie.probability, tie.meanDelay]) AS rows
