// Show on their nodes who the current run found to move others, and on nobody else: rows of id, caused with its limits, style,
// p, q, audience, items, gamma, half-life in days with its limits, number of rivals.
// name: show-found
// parameters: rows, runId
// columns: labeled
// WRITE
CALL () {
  MATCH (former:FoundInfluencer) WHERE NOT former.id IN [row IN $rows | row[0]]
  REMOVE former:FoundInfluencer, former:FoundActiveInfluencer, former:FoundPassiveInfluencer, former.caused,
    former.causedLow, former.causedHigh, former.causedRunId, former.foundStyle, former.foundP, former.foundQ,
    former.foundAudience, former.foundItems, former.foundGamma, former.foundHalfLifeDays, former.foundHalfLifeLow,
    former.foundHalfLifeHigh, former.foundRivals
  RETURN count(*) AS _
}
UNWIND $rows AS row
MATCH (person:Consumer {id: row[0]})
REMOVE person:FoundActiveInfluencer, person:FoundPassiveInfluencer
SET person:FoundInfluencer, person.caused = row[1], person.causedLow = row[2], person.causedHigh = row[3],
  person.foundStyle = row[4], person.foundP = row[5], person.foundQ = row[6], person.foundAudience = row[7],
  person.foundItems = row[8], person.foundGamma = row[9], person.foundHalfLifeDays = row[10],
  person.foundHalfLifeLow = row[11], person.foundHalfLifeHigh = row[12], person.foundRivals = row[13], person.causedRunId = $runId
FOREACH (_ IN CASE WHEN row[4] = 'active' THEN [1] ELSE [] END | SET person:FoundActiveInfluencer)
FOREACH (_ IN CASE WHEN row[4] = 'passive' THEN [1] ELSE [] END | SET person:FoundPassiveInfluencer)
RETURN count(*) AS labeled
