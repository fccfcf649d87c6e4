"""Adapters: one set of verbs, two stores."""
