"""Raw texts to values: each parser takes a whole column, and returns its values and faults."""
