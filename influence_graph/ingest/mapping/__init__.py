"""How the columns of any table become the fields of records: mappings, and their files."""
