"""The stores of these tests, as in ``tests/stores``."""

from __future__ import annotations

from tests.stores.conftest import store

__all__ = ["store"]
