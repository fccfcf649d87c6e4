"""One job per result: what it needs, its parameters, and how it is calculated and written."""
