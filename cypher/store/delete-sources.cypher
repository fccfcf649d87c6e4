// Delete sources.
// name: delete-sources
// parameters: sources
// columns: -
// WRITE
MATCH (source:Source) WHERE source.number IN $sources
DELETE source
