"""Forgetting: people, sources and what is too old go from a store, and what depended on them is calculated again."""
