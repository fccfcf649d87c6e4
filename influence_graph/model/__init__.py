"""The domain as frozen dataclasses and pure functions: records, graph, policy, runs."""
