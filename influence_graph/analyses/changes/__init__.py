"""What changed from one result to another of the same kind, and why."""
