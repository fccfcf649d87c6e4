"""Read-only views of a store, each from one snapshot."""
