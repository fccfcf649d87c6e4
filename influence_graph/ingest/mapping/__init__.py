"""How the columns of any table become the fields of records: mappings, their files, and guesses at them."""
