// What runs, recalculations and states hold as JSON.
// name: read-notes
// parameters: -
// columns: kind, id, text
// READ
MATCH (run:Run)
RETURN 'runs' AS kind, run.id AS id, run.parameters AS text
UNION ALL
MATCH (recalculation:Recalculation)
RETURN 'recalculations' AS kind, recalculation.id AS id, recalculation.document AS text
UNION ALL
MATCH (state:State)
RETURN 'states' AS kind, state.name AS id, state.value AS text
