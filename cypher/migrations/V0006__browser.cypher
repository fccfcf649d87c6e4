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
  SET strained.fusionScore = bond.fusionScore, strained.caption = round(bond.fusionScore, 2)
} IN TRANSACTIONS OF 10000 ROWS;
// What the Browser draws on a node or a line: a name, else the id; a value in two decimals.
MATCH (node:Consumer|Brand) WHERE node.caption IS NULL
CALL (node) { SET node.caption = coalesce(node.name, node.id) } IN TRANSACTIONS OF 10000 ROWS;
MATCH ()-[bond:BOND]->() WHERE bond.caption IS NULL
CALL (bond) { SET bond.caption = round(bond.fusionScore, 2) } IN TRANSACTIONS OF 10000 ROWS;
MATCH ()-[tie:INFLUENCES]->() WHERE tie.caption IS NULL
CALL (tie) { SET tie.caption = round(tie.probability, 2) } IN TRANSACTIONS OF 10000 ROWS;
MATCH ()-[tie:CO_ASSOCIATED]->() WHERE tie.caption IS NULL
CALL (tie) { SET tie.caption = round(tie.strength, 2) } IN TRANSACTIONS OF 10000 ROWS;
