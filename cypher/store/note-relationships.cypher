// Note on relationships which sources gave them; a row has the relationship, origin and also.
// name: note-relationships
// parameters: rows
// columns: -
// WRITE
UNWIND $rows AS row
MATCH ()-[record]->() WHERE elementId(record) = row[0]
SET record.origin = row[1], record.also = row[2]
