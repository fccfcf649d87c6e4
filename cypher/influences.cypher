// Whom a person influences, as learned from what happened: most probable first
// name: influences
// parameters: person
// columns: id, name, probability, meanDelay
// READ
MATCH (:Current {kind: 'learn'})-[:POINTS_TO]->(run:Run)
MATCH (:Consumer {id: $person})-[tie:INFLUENCES]->(other:Consumer) WHERE tie.runId = run.id
RETURN other.id AS id, other.name AS name, tie.probability AS probability, tie.meanDelay AS meanDelay
ORDER BY probability DESC, id LIMIT 1000
