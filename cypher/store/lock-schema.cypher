// Wait until nobody else has this name in an open transaction. Its owner rolls back, so the node is never stored.
// name: lock-schema
// parameters: -
// columns: -
// WRITE
MERGE (lock:Lease {name: 'schema'})
SET lock.lockedAt = datetime.realtime()
