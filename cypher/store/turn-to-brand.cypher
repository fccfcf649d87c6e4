// Turn round the interactions among these that are not towards brands, with all that they hold.
// name: turn-to-brand
// parameters: rows
// columns: turned
// WRITE
UNWIND $rows AS row
MATCH (brand:Brand)-[old:RESPONDED {eventId: row[0]}]->(consumer:Consumer)
CREATE (consumer)-[new:INTERACTED]->(brand)
SET new = properties(old)
DELETE old
RETURN count(new) AS turned
