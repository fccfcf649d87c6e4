// The names of all indexes, and with them those of the constraints.
// name: schema-names
// parameters: -
// columns: name
// READ
SHOW INDEXES YIELD name
