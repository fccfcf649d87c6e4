// Write what interactions towards brands mean, where it differs; found: how many of the rows are there.
// name: resolve-to-brand
// parameters: rows
// columns: found, changed
// WRITE
UNWIND $rows AS row
MATCH ()-[event:INTERACTED {eventId: row[0]}]->()
WITH event, row, coalesce(event.touchpoint, '') <> coalesce(row[1], '')
  OR coalesce(event.valence, '') <> coalesce(row[2], '')
  OR coalesce(event.appliedPoints, '') <> coalesce(row[3], '')
  OR coalesce(event.returnedPoints, '') <> coalesce(row[4], '') AS differs
FOREACH (_ IN CASE WHEN differs THEN [1] ELSE [] END | SET event.touchpoint = row[1], event.valence = row[2],
  event.appliedPoints = row[3], event.returnedPoints = row[4])
RETURN count(*) AS found, sum(CASE WHEN differs THEN 1 ELSE 0 END) AS changed
