// Take sources off nodes: what others gave, too, is theirs alone. As many at a time as the limit says.
// name: drop-sources-of-nodes
// parameters: sources, limit
// columns: dropped
// WRITE
MATCH (record:Consumer|Brand|Campaign|Sales) WHERE record.origin IN $sources OR record.also IN $sources
WITH record LIMIT $limit
SET record.origin = CASE WHEN NOT record.origin IN $sources THEN record.origin
    WHEN record.also > 0 AND NOT record.also IN $sources THEN record.also END,
  record.also = NULL
RETURN count(*) AS dropped
