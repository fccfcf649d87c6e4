// Give stored campaigns the days where they took place.
// name: set-days
// parameters: rows, seq
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (campaign:Campaign {id: row[0]})
SET campaign.day = row[6], campaign.seq = $seq
