// The style of the Browser colors by labels and types alone: the best of the current ranking have a label, bonds below
// zero have a relationship of their own beside them.
MATCH (:Current {kind: 'rank'})-[:POINTS_TO]->(run:Run)
MATCH (person:Consumer {runId: run.id})
WITH person ORDER BY person.pageRank DESC, person.id
WITH collect(person) AS people
UNWIND people[..CASE WHEN size(people) > 200 THEN 20 ELSE toInteger(ceil(size(people) / 10.0)) END] AS best
SET best:TopInfluencer;
CREATE INDEX strained_run IF NOT EXISTS FOR ()-[s:STRAINED]-() ON (s.runId);
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (consumer:Consumer)-[bond:BOND {runId: run.id}]->(brand:Brand) WHERE bond.fusionScore < 0
CALL (consumer, bond, brand) {
  MERGE (consumer)-[strained:STRAINED {runId: bond.runId}]->(brand)
  SET strained.fusionScore = bond.fusionScore
} IN TRANSACTIONS OF 10000 ROWS;
