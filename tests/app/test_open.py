from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


FORMS = (
    "bolt://{u}:{p}@host",
    "bolt:/{u}:{p}@host",
    "bolt:{u}:{p}@host",
    "neo4j//{u}:{p}@host",
    "BOLT://{u}:{p}@host:1",
    "{u}:{p}@host",
    "{u}:{p}@host:7687",
    "http://{u}:{p}@host",
    "bolt://{u}%3A{p}@host",
    "bolt://{u}%3A{p}%40host",
    "{u}%3A{p}%40host",
    " bolt://{u}:{p}@host",
    "bolt ://{u}:{p}@host",
    "bolt://{u}:{p}@[::1",
    "bolt://[{u}:{p}@::1]:7687",
    "bolt://{u}:{p}@host\n",
    "bolt://{u}:1/{p}@host",
    "bolt://host/{u}:{p}@x",
    "bolt://{u}#{p}@host",
    "bolt://{u}?{p}@host",
    "bolt+s://{u}:{p}@host:x",
    "neo4j+ssc:///{u}:{p}@host",
    "//{u}:{p}@host",
    "bolt:\\\\{u}:{p}@host",
    "bolts://{u}:{p}@host",
    "{u}:{p}://host",
    "bolt:{p}",
)


@given(
    st.sampled_from(FORMS), st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=5), st.booleans()
)
def test_no_malformed_address_is_echoed_with_its_password(form: str, user: str, in_environment: bool) -> None:
    secret = "S3cr3tP4ss"
    url = form.format(u=user.translate(dict.fromkeys(map(ord, "./~"))), p=secret)
    with pytest.MonkeyPatch.context() as patch:
        if in_environment:
            patch.setenv("NEO4J_URI", url)
            url = "neo4j"
        with pytest.raises(InputError) as error:
            open_store(url)
    assert secret.lower() not in str(error.value).lower()
    assert secret.lower() not in repr(error.value).lower()


@pytest.mark.parametrize("url", ["./me@home", "data", "a:b", "/tmp/x@y"])
def test_a_folder_that_is_called_like_an_address_can_be_meant(url: str) -> None:
    assert open_store(url).url


def test_a_folder_whose_name_is_not_utf_8_is_refused() -> None:
    with pytest.raises(InputError, match=r"caf\\xe9"):
        open_store(os.fsdecode(b"caf\xe9"))
