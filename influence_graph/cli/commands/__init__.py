"""One module per command, of its name; each parses, makes one call and renders."""
