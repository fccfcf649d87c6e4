// Delete campaigns with these keys.
// name: erase-campaigns
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (campaign:Campaign {id: key[0]})
DETACH DELETE campaign
RETURN count(*) AS deleted
