// Stored interactions towards consumers with one of these keys.
// name: find-interactions-to-consumer
// parameters: keys
// columns: row, seq, element, origin, also
// READ
UNWIND $keys AS key
MATCH (brand:Brand)-[event:RESPONDED {eventId: key[0]}]->(consumer:Consumer)
RETURN [event.eventId, event.at.epochMillis * 1000 + event.at.microsecond % 1000, consumer.id, brand.id, event.statedDirection, event.kind,
  event.statedTouchpoint, event.points, event.statedValence, event.weight, event.channel, event.platform, event.reach,
  event.confidence, event.blame, reduce(text = head(event.withBrands), brand IN tail(event.withBrands) | text + '|' + brand),
  event.recordedAt.epochMillis * 1000 + event.recordedAt.microsecond % 1000, event.replaces,
  event.value, event.currency, event.paid, event.recognized, event.item] AS row, event.seq AS seq,
  elementId(event) AS element, event.origin AS origin, event.also AS also
