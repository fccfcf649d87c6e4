// Turn round the interactions among these that are not towards consumers, with all that they hold.
// name: turn-to-consumer
// parameters: rows
// columns: turned
// WRITE
UNWIND $rows AS row
MATCH (consumer:Consumer)-[old:INTERACTED {eventId: row[0]}]->(brand:Brand)
CREATE (brand)-[new:RESPONDED]->(consumer)
SET new = properties(old)
DELETE old
RETURN count(new) AS turned
