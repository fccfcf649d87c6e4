from __future__ import annotations

import pytest

from influence_graph.app.open import open_store
from influence_graph.errors import InputError


@pytest.mark.parametrize("url", ["postgres://ann:s3cret@host/x", "http://ann:s3cret@host", "bolt://ann:s3cret@host"])
def test_a_refused_address_is_not_echoed_with_its_password(url: str) -> None:
    with pytest.raises(InputError) as error:
        open_store(url)
    assert "s3cret" not in str(error.value)


def test_an_empty_address_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        open_store("")


@pytest.mark.parametrize("uri", ["", "localhost"])
def test_the_address_of_the_environment_must_be_one_of_a_server(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", uri)
    with pytest.raises(InputError, match="NEO4J_URI"):
        open_store("neo4j")
