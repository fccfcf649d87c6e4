// Keep the hashes of people who are about to be erased; it is pending until the last of them is gone. Its node gets a high
// id, as in record-migration.
// name: begin-erasure
// parameters: id, hashes
// columns: -
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
MERGE (tombstone:Tombstone {id: $id})
FOREACH (low IN lows | DELETE low)
SET tombstone.hashes = $hashes, tombstone.erasedAt = datetime.realtime(), tombstone.pending = true
