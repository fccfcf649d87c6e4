// Grant a lease unless it is held, by the server's clock.
// name: grant-lease
// parameters: name, owner, ttl
// columns: granted, owner, token, expiresAt, remaining
// WRITE
MERGE (lease:Lease {name: $name})
  ON CREATE SET lease.token = 0, lease.expiresAt = datetime({epochSeconds: 0})
SET lease.lockedAt = datetime.realtime()
WITH lease, lease.expiresAt <= lease.lockedAt AS granted
FOREACH (_ IN CASE WHEN granted THEN [1] ELSE [] END |
  SET lease.owner = $owner, lease.token = lease.token + 1,
    lease.expiresAt = lease.lockedAt + duration({milliseconds: $ttl}))
RETURN granted, lease.owner AS owner, lease.token AS token, lease.expiresAt AS expiresAt,
  duration.inSeconds(lease.lockedAt, lease.expiresAt).seconds AS remaining
