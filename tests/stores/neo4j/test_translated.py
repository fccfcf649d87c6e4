"""Errors of the driver in our own words: what happened, what to do, and which exit code."""

from __future__ import annotations

import socket
from typing import Any

import neo4j
import pytest
from neo4j import exceptions as raised

from influence_graph.errors import AuthenticationFailed, InfluenceGraphError, StoreError, StoreUnreachable
from influence_graph.stores.neo4j.driver import is_passing, translated

URL = "bolt://localhost:7687"


def answered(code: str, message: str = "it did not work\nat line 2") -> neo4j.exceptions.Neo4jError:
    """Return what the driver raises where a server answers with *code*."""
    return raised.Neo4jError._hydrate_neo4j(code=code, message=message)


def caught(error: BaseException, url: str = URL) -> InfluenceGraphError:
    with pytest.raises(InfluenceGraphError) as found, translated(url):
        raise error
    assert str(found.value).isprintable()
    assert found.value.remedy
    assert found.value.__cause__ is error
    return found.value


CODES = {
    "Neo.ClientError.Security.Unauthorized": (AuthenticationFailed, "NEO4J_PASSWORD"),
    "Neo.ClientError.Security.AuthenticationRateLimit": (AuthenticationFailed, "wait 5 seconds"),
    "Neo.ClientError.Security.CredentialsExpired": (AuthenticationFailed, "sign in once with the Browser"),
    "Neo.ClientError.Security.Forbidden": (AuthenticationFailed, "use an account with the rights"),
    "Neo.ClientError.Database.DatabaseNotFound": (StoreError, "set NEO4J_DATABASE"),
    "Neo.TransientError.Transaction.DeadlockDetected": (StoreUnreachable, "run it again"),
    "Neo.TransientError.General.DatabaseUnavailable": (StoreUnreachable, "wait until it has started"),
    "Neo.ClientError.Statement.SyntaxError": (StoreError, "the query"),
    "Neo.ClientError.Statement.ParameterMissing": (StoreError, "--param NAME=VALUE"),
    "Neo.ClientError.Procedure.ProcedureNotFound": (StoreError, "SHOW PROCEDURES"),
    "Neo.ClientError.Transaction.TransactionTimedOut": (StoreError, "--timeout"),
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": (StoreError, "--timeout"),
    "Neo.ClientError.Schema.ConstraintValidationFailed": (StoreError, "server's log"),
    "Neo.DatabaseError.General.UnknownError": (StoreError, "server's log"),
}


@pytest.mark.parametrize(("code", "expected"), CODES.items(), ids=CODES)
def test_each_code_of_a_server_has_its_error_and_remedy(code: str, expected: tuple[type[Exception], str]) -> None:
    found = caught(answered(code))
    assert type(found) is expected[0]
    assert expected[1] in found.remedy
    assert URL in str(found)


def test_a_message_of_several_lines_gives_its_first() -> None:
    found = caught(answered("Neo.ClientError.Statement.SyntaxError", "Invalid input\n  MATCH (n\n  ^"))
    assert "Invalid input" in str(found)
    assert "MATCH" not in str(found)


def chained(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "url", "remedy"),
    [
        (raised.ServiceUnavailable("Couldn't connect"), URL, "influence-graph neo4j up"),
        (raised.ServiceUnavailable("looks like HTTP"), URL, "port of the Browser"),
        (raised.ServiceUnavailable("Cannot resolve address no.example"), "bolt://no.example", "the name no.example"),
        (chained(raised.ServiceUnavailable("x"), socket.gaierror(-2, "unknown")), "bolt://no.example", "no.example"),
        (chained(raised.ServiceUnavailable("x"), OSError("wrong version number")), "bolt+s://localhost", "bolt://"),
        (chained(raised.ServiceUnavailable("x"), OSError("record layer failure")), "neo4j+ssc://h", "neo4j://"),
        (chained(raised.ServiceUnavailable("x"), ConnectionRefusedError("refused")), "bolt+s://localhost", "neo4j up"),
        (raised.SessionExpired("gone"), URL, "influence-graph neo4j up"),
        (OSError(111, "Connection refused"), URL, "influence-graph neo4j up"),
        (ValueError("Unexpected bytes"), URL, "influence-graph neo4j up"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_reached_has_the_remedy_of_its_cause(error: Exception, url: str, remedy: str) -> None:
    found = caught(error, url)
    assert type(found) is StoreUnreachable
    assert found.exit_code == 3
    assert remedy in found.remedy


def test_what_is_no_error_of_a_server_passes_as_it_is() -> None:
    with pytest.raises(KeyError), translated(URL):
        raise KeyError("mine")
    with pytest.raises(StoreError, match="mine"), translated(URL):
        raise StoreError("mine")


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (raised.ServiceUnavailable("x"), True),
        (raised.SessionExpired("x"), True),
        (raised.IncompleteCommit("x"), True),
        (answered("Neo.TransientError.Transaction.DeadlockDetected"), True),
        (answered("Neo.ClientError.Statement.SyntaxError"), False),
        (answered("Neo.ClientError.Security.Unauthorized"), False),
        (ValueError("x"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Any, passing: bool) -> None:
    assert is_passing(error) is passing


def test_what_cannot_be_packed_or_is_nested_too_deeply_is_no_absent_server() -> None:
    packed = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    assert caught(packed).exit_code == 1
    nested = caught(answered("Neo.TransientError.General.StackOverFlowError"))
    assert nested.exit_code == 1
    assert "nested too deeply" in str(nested)
