// Rows of interactions towards consumers written after one transaction and up to another, one list per transaction.
// name: read-interactions-to-consumer
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (brand:Brand)-[event:RESPONDED]->(consumer:Consumer)
WHERE event.seq > $after AND event.seq <= $upto
WITH event.seq AS seq, collect([event.eventId, event.at.epochMillis * 1000 + event.at.microsecond % 1000, consumer.id, brand.id, event.statedDirection, event.kind,
  event.statedTouchpoint, event.points, event.statedValence, event.weight, event.channel, event.platform, event.reach,
  event.confidence, event.blame, reduce(text = head(event.withBrands), brand IN tail(event.withBrands) | text + '|' + brand),
  event.recordedAt.epochMillis * 1000 + event.recordedAt.microsecond % 1000, event.replaces,
  event.value, event.currency, event.paid, event.recognized, event.item]) AS rows
RETURN seq, rows ORDER BY seq
