// Create the consumers among *ids* that no file has declared yet.
// name: add-consumers
// parameters: ids, seq, origin
// columns: added
// WRITE
UNWIND $ids AS id
WITH id WHERE NOT EXISTS { MATCH (:Consumer {id: id}) }
CREATE (:Consumer {id: id, caption: id, seq: $seq, origin: $origin})
RETURN count(*) AS added
