// Sales around a campaign
// about = "Sales of the campaign's brand, all segments together, on each day with sales on record before and after the day where it took place; a rise does not prove an effect."
// access = "READ"
// parameters.campaign = {type = "campaign"}
// parameters.days = {type = "integer", about = "days on each side", default = 14, low = 1, high = 3650}
// columns.day = {type = "day"}
// columns.dayFromCampaign = {type = "integer", about = "days; 0 is the day of the campaign"}
// columns.value = {type = "number"}
MATCH (campaign:Campaign {id: $campaign})-[:BY]->(brand:Brand)<-[:OF]-(sale:Sales)
WITH coalesce(campaign.day, date(campaign.at)) AS start, date(sale.date) AS day, sale
WHERE day >= start - duration({days: $days}) AND day <= start + duration({days: $days})
RETURN day, duration.inDays(start, day).days AS dayFromCampaign, round(sum(sale.value), 6) AS value
ORDER BY day
