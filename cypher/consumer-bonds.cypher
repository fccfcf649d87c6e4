// All bonds of a consumer, the strongest first
// name: consumer-bonds
// parameters: consumer
// columns: brand, name, fusionScore, toBrand, toConsumer, reciprocity, asOf
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (consumer:Consumer {id: $consumer})-[bond:BOND]->(brand:Brand) WHERE bond.runId = run.id
RETURN brand.id AS brand, brand.name AS name, bond.fusionScore AS fusionScore, bond.toBrand AS toBrand,
  bond.toConsumer AS toConsumer, bond.reciprocity AS reciprocity, bond.asOf AS asOf
ORDER BY fusionScore DESC, brand
