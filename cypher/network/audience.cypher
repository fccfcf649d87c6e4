// Whom a person reaches directly
// about = "Whom a person reaches directly: followers, friends and the exposed."
// access = "READ"
// parameters.person = {type = "person"}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.tie = {type = "text"}
// columns.weight = {type = "number", about = "1 where the record has none"}
MATCH (person:Consumer {id: $person})
CALL (person) {
  MATCH (person)<-[tie:FOLLOWS]-(other:Consumer) RETURN other, tie
  UNION
  MATCH (person)-[tie:KNOWS]-(other:Consumer) RETURN other, tie
  UNION
  MATCH (person)<-[tie:EXPOSED_TO]-(other:Consumer) RETURN other, tie
}
RETURN other.id AS id, other.name AS name, type(tie) AS tie, coalesce(tie.weight, 1.0) AS weight
ORDER BY weight DESC, id, tie LIMIT $limit
