"""Cutting a driver: whoever waits for the server gets an error at once, from whichever thread."""

from __future__ import annotations

import threading
import time

import neo4j
import pytest
from neo4j import exceptions as raised

from influence_graph import ending
from influence_graph.stores.neo4j.cutting import cut
from influence_graph.stores.neo4j.driver import connection_to, is_passing, opened, translated

pytestmark = pytest.mark.neo4j

SLOW = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(sqrt(a * b))"


def ask(driver: neo4j.Driver, errors: list[BaseException]) -> None:
    try:
        with driver.session() as session:
            session.run(SLOW).consume()
    except Exception as error:  # noqa: BLE001
        errors.append(error)


@pytest.mark.parametrize("by", ["itself", "the end of the process"])
def test_who_waits_for_an_answer_gets_an_error_and_the_driver_connects_again(neo4j_url: str, by: str) -> None:
    errors: list[BaseException] = []
    with opened(connection_to(neo4j_url)) as driver:
        asking = threading.Thread(target=ask, args=(driver, errors))
        asking.start()
        time.sleep(1.0)
        assert not errors
        cut(driver) if by == "itself" else ending.end()
        asking.join(60)
        ending.go_on()
        assert not asking.is_alive()
        assert isinstance(errors[0], (raised.ServiceUnavailable, raised.SessionExpired))
        assert is_passing(errors[0])
        with driver.session() as session:
            assert session.run("RETURN 1").single(strict=True).value() == 1


def test_an_error_that_a_signal_made_is_the_interrupt_again() -> None:
    ending.mark()
    with pytest.raises(KeyboardInterrupt), translated("bolt://localhost"):
        raise raised.ServiceUnavailable("cut")
    ending.go_on()
