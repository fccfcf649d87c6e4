// The place of a seed is called its rank, as in the other stores and tables.
MATCH (:Run)-[seed:SEED]->() WHERE seed.position IS NOT NULL
SET seed.rank = seed.position
REMOVE seed.position;
// A run of a measure names the property that holds it, so that queries find a measure without knowing it.
UNWIND [
  ['rank', 'pagerank', 'pageRank', 'runId'], ['authority', 'hits-authority', 'authority', 'authorityRunId'],
  ['hub', 'hits-hub', 'hub', 'hubRunId'], ['psi', 'psi', 'psiScore', 'psiScoreRunId'],
  ['influence', 'influence', 'influence', 'influenceRunId'], ['passivity', 'passivity', 'passivity', 'passivityRunId'],
  ['degree', 'degree', 'strength', 'strengthRunId'], ['in-degree', 'in-degree', 'inStrength', 'inStrengthRunId'],
  ['out-degree', 'out-degree', 'outStrength', 'outStrengthRunId'], ['reach', 'reach', 'reach', 'reachRunId'],
  ['activation', 'activation', 'activation', 'activationRunId']
] AS row
MATCH (run:Run {kind: row[0]}) WHERE run.property IS NULL
SET run.measure = row[1], run.property = row[2], run.runProperty = row[3];
