// End a lease if it is still the latest grant of its name.
// name: release-lease
// parameters: name, token
// columns: -
// WRITE
MATCH (lease:Lease {name: $name, token: $token})
SET lease.expiresAt = datetime({epochSeconds: 0})
