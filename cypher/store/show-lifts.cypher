// Show on each campaign what the current run tells of its lift, and on no other: rows of campaign, lift with its limits, the same
// in percent, p, status, days, outcome, design, lag with its limits, reason, first record, number of others. Those that are clear have a label.
// name: show-lifts
// parameters: rows, runId
// columns: shown
// WRITE
CALL () {
  MATCH (former:Campaign) WHERE former.liftRunId IS NOT NULL
  REMOVE former:ClearLift, former.lift, former.liftLow, former.liftHigh, former.liftPercent, former.liftPercentLow,
    former.liftPercentHigh, former.liftP, former.liftStatus, former.liftDays, former.liftOutcome, former.liftDesign,
    former.liftLag, former.liftLagLow, former.liftLagHigh, former.liftReason, former.liftFirst, former.liftOthers, former.liftRunId, former.liftCaption
  RETURN count(*) AS _
}
UNWIND $rows AS row
MATCH (campaign:Campaign {id: row[0]})
SET campaign.lift = row[1], campaign.liftLow = row[2], campaign.liftHigh = row[3], campaign.liftPercent = row[4],
  campaign.liftPercentLow = row[5], campaign.liftPercentHigh = row[6], campaign.liftP = row[7], campaign.liftStatus = row[8],
  campaign.liftDays = row[9], campaign.liftOutcome = row[10], campaign.liftDesign = row[11], campaign.liftLag = row[12],
  campaign.liftLagLow = row[13], campaign.liftLagHigh = row[14], campaign.liftReason = row[15],
  campaign.liftFirst = row[16], campaign.liftOthers = row[17], campaign.liftRunId = $runId
FOREACH (_ IN CASE WHEN row[8] IN ['higher', 'lower'] THEN [1] ELSE [] END |
  SET campaign:ClearLift, campaign.liftCaption = coalesce(campaign.kind, 'campaign') + CASE WHEN row[1] > 0 THEN ' +' ELSE ' ' END + toString(toInteger(round(row[1]))) + CASE WHEN row[17] > 0 THEN ' with others' ELSE '' END)
RETURN count(*) AS shown
