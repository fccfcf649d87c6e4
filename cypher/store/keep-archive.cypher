// Keep a part of the results of a run that is not yet current, as bytes; its node gets a high id, as in record-migration.
// name: keep-archive
// parameters: runId, part, data
// columns: -
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
MERGE (archive:Archive {runId: $runId, part: $part})
FOREACH (low IN lows | DELETE low)
SET archive.data = $data
