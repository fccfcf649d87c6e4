"""Recalculation on a schedule: ticks, the daemon, the inbox, alerts, metrics."""
