"""Arrays in, arrays out: compiled loops that know no ids, no clock and no files."""
