// Let a lease last longer, by the server's clock; no row: it has expired or passed on.
// name: renew-lease
// parameters: name, token, ttl
// columns: expiresAt, now
// WRITE
MATCH (lease:Lease {name: $name})
SET lease.lockedAt = datetime.realtime()
WITH lease WHERE lease.token = $token AND lease.expiresAt > lease.lockedAt
SET lease.expiresAt = lease.lockedAt + duration({milliseconds: $ttl})
RETURN lease.expiresAt AS expiresAt, lease.lockedAt AS now
