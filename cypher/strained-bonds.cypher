// The hundred worst bonds below zero, over all brands
// name: strained-bonds
// parameters: -
// columns: consumer, brand, fusionScore, asOf
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (consumer:Consumer)-[bond:BOND {runId: run.id}]->(brand:Brand) WHERE bond.fusionScore < 0
RETURN consumer.id AS consumer, brand.id AS brand, bond.fusionScore AS fusionScore, bond.asOf AS asOf
ORDER BY fusionScore, consumer, brand LIMIT 100
