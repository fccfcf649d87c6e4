// The keyed hashes of those who were forgotten, one list per erasure.
// name: read-tombstones
// parameters: -
// columns: hashes, pending
// READ
MATCH (tombstone:Tombstone)
RETURN tombstone.hashes AS hashes, coalesce(tombstone.pending, false) AS pending
