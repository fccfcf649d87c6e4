// Keep a part of a measure of consumers under a run that is not yet current: rows of id and score, best first. Its node gets
// a high id, as in record-migration.
// name: measure-consumers
// parameters: rows, part, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (n:Consumer {id: row[0]})
WITH count(n) AS written
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
CREATE (:Measure {runId: $runId, label: 'Consumer', part: $part, ids: [row IN $rows | row[0]], scores: [row IN $rows | row[1]]})
FOREACH (low IN lows | DELETE low)
RETURN written
