// Make the nodes that keep books anew, so that their ids are behind those of the records: without a run all but running
// runs and archives; with one that is not yet current all but what readers of other runs follow.
// What is locked first is read as it is last. Of nodes made before them only the ids are left, for records to come.
// name: move-books
// parameters: runId, left
// columns: moved
// WRITE
MATCH (old:Migration|Ledger|LedgerPage|Lease|Run|Current|Measure|CurrentRuns|Recalculation|Tick|State|Source|Tombstone|Archive)
WHERE CASE WHEN $runId IS NULL THEN coalesce(old.status, '') <> 'running' AND NOT old:Archive
  ELSE old:Migration|Ledger|LedgerPage|Lease OR $runId IN [old.id, old.runId] END
SET old.movedAt = datetime.realtime() REMOVE old.movedAt
WITH collect(old) AS olds
WITH olds, [old IN olds | {labels: labels(old), properties: properties(old)}] AS rows,
  COLLECT {
    MATCH (run:Run)-[seed:SEED]->(person) WHERE run IN olds
    RETURN {id: run.id, person: person.id, seed: properties(seed)}
  } AS seeds
FOREACH (old IN olds | DETACH DELETE old)
WITH rows, seeds
CALL () { UNWIND range(1, $left) AS _ CREATE (low) RETURN collect(low) AS lows }
FOREACH (row IN rows | CREATE (new:$(row.labels)) SET new = row.properties)
FOREACH (low IN lows | DELETE low)
WITH rows, seeds
CALL (seeds) {
  UNWIND seeds AS row
  MATCH (run:Run {id: row.id}), (person:Consumer {id: row.person})
  CREATE (run)-[seed:SEED]->(person) SET seed = row.seed
  RETURN count(*) AS seeded
}
RETURN size(rows) AS moved
