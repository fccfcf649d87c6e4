// Rows of campaigns written after one transaction and up to another, one list per transaction.
// name: read-campaigns
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (campaign:Campaign)-[:BY]->(brand:Brand)
WHERE campaign.seq > $after AND campaign.seq <= $upto
WITH campaign.seq AS seq, collect([campaign.id, campaign.at.epochMillis * 1000 + campaign.at.microsecond % 1000, brand.id, campaign.kind, campaign.segment, campaign.note, campaign.day]) AS rows
RETURN seq, rows ORDER BY seq
