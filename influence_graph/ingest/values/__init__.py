"""Raw texts to values: each parser takes a whole column and names the faults in it."""
