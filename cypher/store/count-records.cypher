// Number of records per kind, from the count store.
// name: count-records
// parameters: -
// columns: kind, records
// READ
MATCH (:Consumer) RETURN 'people' AS kind, count(*) AS records
UNION ALL MATCH (:Brand) RETURN 'brands' AS kind, count(*) AS records
UNION ALL MATCH ()-[:FOLLOWS]->() RETURN 'ties' AS kind, count(*) AS records
UNION ALL MATCH ()-[:KNOWS]->() RETURN 'ties' AS kind, count(*) AS records
UNION ALL MATCH ()-[:EXPOSED_TO]->() RETURN 'ties' AS kind, count(*) AS records
UNION ALL MATCH ()-[:INTERACTED]->() RETURN 'interactions' AS kind, count(*) AS records
UNION ALL MATCH ()-[:RESPONDED]->() RETURN 'interactions' AS kind, count(*) AS records
UNION ALL MATCH (:Campaign) RETURN 'campaigns' AS kind, count(*) AS records
UNION ALL MATCH (:Sales) RETURN 'sales' AS kind, count(*) AS records
