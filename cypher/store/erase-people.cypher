// Delete people with all that is left of them.
// name: erase-people
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (person:Consumer {id: key[0]})
DETACH DELETE person
RETURN count(*) AS deleted
