// The hundred strongest bonds of a brand
// name: brand-bonds
// parameters: brand
// columns: consumer, name, fusionScore, toBrand, toConsumer, reciprocity, asOf
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (brand:Brand {id: $brand})<-[bond:BOND]-(consumer:Consumer) WHERE bond.runId = run.id
RETURN consumer.id AS consumer, consumer.name AS name, bond.fusionScore AS fusionScore, bond.toBrand AS toBrand,
  bond.toConsumer AS toConsumer, bond.reciprocity AS reciprocity, bond.asOf AS asOf
ORDER BY fusionScore DESC, consumer LIMIT 100
