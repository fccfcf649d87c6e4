// Whether the server has the Graph Data Science plugin.
// name: has-plugin
// parameters: -
// columns: present
// READ
SHOW PROCEDURES YIELD name WHERE name = 'gds.pageRank.mutate'
RETURN count(*) > 0 AS present
