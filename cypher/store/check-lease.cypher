// Lock a lease until the end of the transaction, and return whether this token may still write.
// name: check-lease
// parameters: name, token
// columns: valid
// WRITE
MATCH (lease:Lease {name: $name})
SET lease.lockedAt = datetime.realtime()
RETURN lease.token = $token AND lease.expiresAt > lease.lockedAt AS valid
