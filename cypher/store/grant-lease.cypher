// Grant a lease unless it is held, by the server's clock. A new one gets a high id, as in record-migration.
// name: grant-lease
// parameters: name, owner, ttl
// columns: granted, owner, token, since, expiresAt, now
// WRITE
CALL () {
  UNWIND CASE WHEN EXISTS { (:Lease {name: $name}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
MERGE (lease:Lease {name: $name})
  ON CREATE SET lease.token = 0, lease.expiresAt = datetime({epochSeconds: 0})
FOREACH (low IN lows | DELETE low)
SET lease.lockedAt = datetime.realtime()
WITH lease, lease.expiresAt <= lease.lockedAt AS granted
FOREACH (_ IN CASE WHEN granted THEN [1] ELSE [] END |
  SET lease.owner = $owner, lease.token = lease.token + 1, lease.since = lease.lockedAt,
    lease.expiresAt = lease.lockedAt + duration({milliseconds: $ttl}))
RETURN granted, lease.owner AS owner, lease.token AS token, lease.since AS since, lease.expiresAt AS expiresAt,
  lease.lockedAt AS now
