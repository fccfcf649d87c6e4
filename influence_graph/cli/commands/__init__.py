"""One module per group of commands; each command parses, makes one call and renders."""
