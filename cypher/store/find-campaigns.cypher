// Stored campaigns with one of these keys.
// name: find-campaigns
// parameters: keys
// columns: row, element, origin, also
// READ
UNWIND $keys AS key
MATCH (campaign:Campaign {id: key[0]})-[:BY]->(brand:Brand)
RETURN [campaign.id, campaign.at.epochMillis * 1000 + campaign.at.microsecond % 1000, brand.id, campaign.kind, campaign.segment, campaign.note, campaign.day] AS row,
  elementId(campaign) AS element, campaign.origin AS origin, campaign.also AS also
