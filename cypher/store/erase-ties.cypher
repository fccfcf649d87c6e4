// Delete ties with these keys.
// name: erase-ties
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (:Consumer {id: key[0]})-[tie:FOLLOWS|KNOWS|EXPOSED_TO]->(:Consumer {id: key[1]})
WHERE type(tie) = CASE key[2] WHEN 'follows' THEN 'FOLLOWS' WHEN 'friend' THEN 'KNOWS' ELSE 'EXPOSED_TO' END
DELETE tie
RETURN count(*) AS deleted
