// Point from a run to the people that it chose: rows of rank, id and gain.
// name: write-seeds
// parameters: rows, runId
// columns: written
// WRITE
MATCH (run:Run {id: $runId})
UNWIND $rows AS row
MATCH (person:Consumer {id: row[1]})
CREATE (run)-[:SEED {rank: row[0], gain: row[2]}]->(person)
RETURN count(*) AS written
