// Delete interactions towards consumers with these keys.
// name: erase-interactions-to-consumer
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (:Brand)-[event:RESPONDED {eventId: key[0]}]->(:Consumer)
DELETE event
RETURN count(*) AS deleted
