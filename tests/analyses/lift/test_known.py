"""Published answers: every row of ``python -m benchmarks.lift_panels known`` that is of the same method."""

from __future__ import annotations

import pytest

from benchmarks.lift_panels import known
from tests.public_data import public_data

OF_ANOTHER_METHOD = "(published"


def half_a_digit(published):
    """Return how far a number may be from one that is printed so."""
    _, _, decimals = repr(published).partition(".")
    return 0.5 * 10.0 ** -len(decimals) + 1e-12


def test_known_answers_are_answered():
    for name in ("causal", "geolift", "hillstrom"):
        public_data(name)
    rows = list(known(public_data("causal").parent))
    assert len(rows) > 35
    for what, ours, published in rows:
        if OF_ANOTHER_METHOD in what:
            continue
        if isinstance(published, str):
            assert ours == published, what
        else:
            assert ours == pytest.approx(published, abs=half_a_digit(published)), what
