"""``browser``, where there is nothing to open."""

from __future__ import annotations

import os

import pytest

from tests.cli.commands.conftest import Call


def test_without_a_server_the_command_that_starts_one_is_named(empty: Call) -> None:
    refused = empty("browser", "--no-open")
    assert (refused.code, refused.out) == (2, "")
    assert "no server of influence-graph-neo4j is running and NEO4J_URI is not set" in refused.err
    assert "`influence-graph neo4j up --load`" in refused.err


def test_a_store_in_a_folder_is_sent_to_a_server_first(call: Call) -> None:
    refused = call("browser", "--store", "influence-graph-data")
    assert refused.code == 2
    assert "`influence-graph neo4j up --load --store influence-graph-data`" in refused.err


def test_a_server_that_does_not_answer_is_exit_3(empty: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "NEO4J_URI", "bolt://localhost:9")
    assert empty("browser", "--no-open").code == 3


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_cannot_be_is_refused(empty: Call, port: str) -> None:
    assert empty("browser", "--port", port).code == 2
