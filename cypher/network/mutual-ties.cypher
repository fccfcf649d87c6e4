// Mutual ties of a person
// about = "People who follow a person and are followed back, and friends, who are mutual by themselves."
// access = "READ"
// parameters.person = {type = "person"}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.tie = {type = "text"}
MATCH (person:Consumer {id: $person})
CALL (person) {
  MATCH (person)-[:FOLLOWS]->(other:Consumer)-[:FOLLOWS]->(person) RETURN other, 'FOLLOWS' AS tie
  UNION
  MATCH (person)-[:KNOWS]-(other:Consumer) RETURN other, 'KNOWS' AS tie
}
WITH other, tie WHERE other <> person
RETURN other.id AS id, other.name AS name, tie
ORDER BY id, tie LIMIT $limit
