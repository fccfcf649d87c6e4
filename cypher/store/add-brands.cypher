// Create the brands among *ids* that no file has declared yet.
// name: add-brands
// parameters: ids, seq
// columns: added
// WRITE
UNWIND $ids AS id
WITH id WHERE NOT EXISTS { MATCH (:Brand {id: id}) }
CREATE (:Brand {id: id, seq: $seq})
RETURN count(*) AS added
