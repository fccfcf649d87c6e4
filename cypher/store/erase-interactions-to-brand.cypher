// Delete interactions towards brands with these keys.
// name: erase-interactions-to-brand
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (:Consumer)-[event:INTERACTED {eventId: key[0]}]->(:Brand)
DELETE event
RETURN count(*) AS deleted
