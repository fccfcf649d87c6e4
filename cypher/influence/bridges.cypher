// Who moves the consumers of two brands
// about = "The people whose learned influence reaches the consumers of two brands, by the smaller of the two expected numbers."
// access = "READ"
// needs = ["learn", "score"]
// parameters.brand = {type = "brand"}
// parameters.other = {type = "brand", about = "the other brand", example = "restaurant"}
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.ofBrand = {type = "number", unit = "people", about = "expected among the consumers of the brand"}
// columns.ofOther = {type = "number", unit = "people", about = "expected among the consumers of the other"}
MATCH (current:Current {kind: 'learn'}) WITH current.runId AS runId
MATCH (:Current {kind: 'score'})
CALL (runId) {
  MATCH (:Brand {id: $brand})<-[event:INTERACTED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
  WITH DISTINCT runId, consumer
  MATCH (consumer)<-[tie:INFLUENCES]-(person:Consumer) WHERE tie.runId = runId
  RETURN person, 'brand' AS side, sum(tie.probability) AS expected
  UNION ALL
  MATCH (:Brand {id: $other})<-[event:INTERACTED]-(consumer:Consumer) WHERE event.appliedPoints IS NOT NULL
  WITH DISTINCT runId, consumer
  MATCH (consumer)<-[tie:INFLUENCES]-(person:Consumer) WHERE tie.runId = runId
  RETURN person, 'other' AS side, sum(tie.probability) AS expected
}
WITH person, collect(side) AS sides, round(sum(CASE side WHEN 'brand' THEN expected ELSE 0.0 END), 6) AS ofBrand,
  round(sum(CASE side WHEN 'other' THEN expected ELSE 0.0 END), 6) AS ofOther
WHERE size(sides) = 2
RETURN person.id AS id, person.name AS name, person.style AS style, ofBrand, ofOther
ORDER BY CASE WHEN ofBrand < ofOther THEN ofBrand ELSE ofOther END DESC, id LIMIT $limit
