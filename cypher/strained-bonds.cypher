// The hundred worst bonds below zero, over all brands
// name: strained-bonds
// parameters: -
// columns: consumer, consumerName, brand, brandName, fusionScore, asOf
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (consumer:Consumer)-[bond:BOND {runId: run.id}]->(brand:Brand) WHERE bond.fusionScore < 0
RETURN consumer.id AS consumer, consumer.name AS consumerName, brand.id AS brand, brand.name AS brandName,
  bond.fusionScore AS fusionScore, bond.asOf AS asOf
ORDER BY fusionScore, consumer, brand LIMIT 100
