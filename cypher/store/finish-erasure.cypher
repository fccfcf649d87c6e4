// Note that all people with these hashes are gone.
// name: finish-erasure
// parameters: hashes
// columns: -
// WRITE
MATCH (tombstone:Tombstone) WHERE tombstone.pending AND all(hash IN tombstone.hashes WHERE hash IN $hashes)
REMOVE tombstone.pending
