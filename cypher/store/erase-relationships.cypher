// Delete some of all relationships of these people.
// name: erase-relationships
// parameters: ids, limit
// columns: deleted
// WRITE
UNWIND $ids AS id
MATCH (:Consumer {id: id})-[tie]-()
WITH DISTINCT tie LIMIT $limit
DELETE tie
RETURN count(*) AS deleted
