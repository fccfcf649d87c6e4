// The twenty brands of the highest rank
// name: top-brands
// parameters: -
// columns: id, name, category, pageRank
// READ
MATCH (:Current {kind: 'rank'})-[:POINTS_TO]->(run:Run)
MATCH (brand:Brand) WHERE brand.runId = run.id
RETURN brand.id AS id, brand.name AS name, brand.category AS category, brand.pageRank AS pageRank
ORDER BY pageRank DESC, id LIMIT 20
