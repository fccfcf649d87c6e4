// Make the nodes that keep books anew, so that their ids are behind those of the records; a running run stays.
// What is locked first is read as it is last. Of nodes made before them only the ids are left, for records to come.
// name: move-books
// parameters: left
// columns: moved
// WRITE
MATCH (old:Migration|Ledger|Lease|Run|Current) WHERE coalesce(old.status, '') <> 'running'
REMOVE old.movedAt
WITH collect(old) AS olds
WITH olds, [old IN olds | {labels: labels(old), properties: properties(old)}] AS rows,
  COLLECT { MATCH (current:Current)-[:POINTS_TO]->(run:Run) RETURN {kind: current.kind, id: run.id} } AS currents,
  COLLECT { MATCH (run:Run)-[seed:SEED]->(person) RETURN {id: run.id, person: person.id, seed: properties(seed)} }
    AS seeds
FOREACH (old IN olds | DETACH DELETE old)
WITH rows, currents, seeds
CALL () { UNWIND range(1, $left) AS _ CREATE (low) RETURN collect(low) AS lows }
FOREACH (row IN rows | CREATE (new:$(row.labels)) SET new = row.properties)
FOREACH (low IN lows | DELETE low)
WITH rows, currents, seeds
CALL (currents) {
  UNWIND currents AS row
  MATCH (current:Current {kind: row.kind}), (run:Run {id: row.id})
  CREATE (current)-[:POINTS_TO]->(run)
  RETURN count(*) AS pointers
}
CALL (seeds) {
  UNWIND seeds AS row
  MATCH (run:Run {id: row.id}), (person:Consumer {id: row.person})
  CREATE (run)-[seed:SEED]->(person) SET seed = row.seed
  RETURN count(*) AS seeded
}
RETURN size(rows) AS moved
