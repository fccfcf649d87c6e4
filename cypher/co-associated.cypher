// Brands that consumers showed or named together with a brand: strength faded to the time of the current scores
// name: co-associated
// parameters: brand
// columns: brand, name, strength, events, consumers
// READ
MATCH (:Current {kind: 'score'})-[:POINTS_TO]->(run:Run)
MATCH (:Brand {id: $brand})-[tie:CO_ASSOCIATED]->(other:Brand) WHERE tie.runId = run.id
RETURN other.id AS brand, other.name AS name, tie.strength AS strength, tie.events AS events,
  tie.consumers AS consumers
ORDER BY strength DESC, brand LIMIT 100
