// Whom a person reaches directly: followers, friends and the exposed
// name: audience
// parameters: person
// columns: id, name, tie, weight
// READ
MATCH (person:Consumer {id: $person})
CALL (person) {
  MATCH (person)<-[tie:FOLLOWS]-(other:Consumer) RETURN other, tie
  UNION
  MATCH (person)-[tie:KNOWS]-(other:Consumer) RETURN other, tie
  UNION
  MATCH (person)<-[tie:EXPOSED_TO]-(other:Consumer) RETURN other, tie
}
RETURN other.id AS id, other.name AS name, type(tie) AS tie, coalesce(tie.weight, 1.0) AS weight
ORDER BY weight DESC, id LIMIT 1000
