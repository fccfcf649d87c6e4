"""Alerts: rules about what users care about, each crossing told once, by webhook, file and exit code."""
