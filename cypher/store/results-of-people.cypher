// How many rows of the results of runs name these people.
// name: results-of-people
// parameters: ids
// columns: runId, rows
// READ
UNWIND $ids AS id
MATCH (:Consumer {id: id})-[tie:BOND|INFLUENCES]-()
WITH DISTINCT tie
RETURN tie.runId AS runId, count(*) AS rows
UNION ALL
UNWIND $ids AS id
MATCH (run:Run)-[:SEED]->(:Consumer {id: id})
RETURN run.id AS runId, count(*) AS rows
UNION ALL
MATCH (measure:Measure {label: 'Consumer'})
WITH measure.runId AS runId, size([id IN measure.ids WHERE id IN $ids]) AS named WHERE named > 0
RETURN runId, sum(named) AS rows
