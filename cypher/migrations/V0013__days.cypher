// A campaign has the day where it took place, which is that of sales: it is asked by that day.
CREATE INDEX campaign_day IF NOT EXISTS FOR (c:Campaign) ON (c.day);
