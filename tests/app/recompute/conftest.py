"""The small store of the jobs, on both stores or on the embedded one alone."""

from __future__ import annotations

from tests.app.jobs.conftest import embedded, store

__all__ = ["embedded", "store"]
