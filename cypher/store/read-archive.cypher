// The results of a run as bytes, in parts.
// name: read-archive
// parameters: runId
// columns: data
// READ
MATCH (archive:Archive {runId: $runId})
RETURN archive.data AS data ORDER BY archive.part
