"""What children of this program are given."""

from __future__ import annotations

import pytest

from influence_graph.environment import SECRETS, without_secrets


def test_secrets_of_this_process_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SECRETS, "KEPT"):
        monkeypatch.setenv(name, "x")
    given = without_secrets()
    assert given["KEPT"] == "x"
    assert not set(SECRETS) & given.keys()
