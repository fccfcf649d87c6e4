"""The embedded store's answers to the questions of the catalogue: one module per topic, one function per question."""
