"""The default store: one DuckDB file, no server."""
