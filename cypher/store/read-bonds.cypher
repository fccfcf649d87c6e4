// The bonds of a run, one list per consumer.
// name: read-bonds
// parameters: runId
// columns: consumer, rows
// READ
MATCH (consumer:Consumer)-[bond:BOND {runId: $runId}]->(brand:Brand)
RETURN consumer.id AS consumer, collect([brand.id, bond.fusionScore, bond.toBrand, bond.toConsumer, bond.reciprocity,
  bond.asOf.epochMillis * 1000 + bond.asOf.microsecond % 1000]) AS rows
