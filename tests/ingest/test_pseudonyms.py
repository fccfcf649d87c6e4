"""Pseudonyms against HMAC written out, and what a key file may be."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from influence_graph.errors import InputError
from influence_graph.ingest.pseudonyms import VARIABLE, PersonKey, key_path, make_key, read_key, require_same

SECRET = bytes(range(32))
KEY = PersonKey(SECRET, Path("key"))


def hmac_sha256(secret: bytes, message: bytes) -> str:
    """RFC 2104 by its definition: H(K xor opad, H(K xor ipad, text))."""
    block = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()


@pytest.mark.parametrize("person", ["ann", "café", "1", "=cmd()", "a" * 512, "p-" + "0" * 40])
def test_hashes_are_hmac_by_its_definition(person: str) -> None:
    digits = hmac_sha256(SECRET, b"person\0" + person.encode())[:32]
    seal = hmac_sha256(SECRET, b"seal\0" + digits.encode())[:8]
    assert KEY.pseudonym(person) == f"p-{digits}{seal}"
    assert KEY.tombstone(person) == hmac_sha256(SECRET, b"forgotten\0" + person.encode())[:32]
    assert KEY.check == hmac_sha256(SECRET, b"check\0")[:32]


def test_a_pseudonym_stays_itself_under_its_own_key_only() -> None:
    made = KEY.pseudonym("ann")
    assert KEY.pseudonym(made) == made
    other = PersonKey(b"\1" * 32, Path("other"))
    assert not other.is_pseudonym(made)
    assert other.pseudonym(made) != made
    assert not KEY.is_pseudonym(f"{made[:-1]}{'0' if made[-1] != '0' else '1'}")


def test_columns_are_hashed_value_by_value() -> None:
    column = pa.chunked_array([pa.array(["ann", "june"]), pa.array(["ann", None])])
    ann, june = KEY.pseudonym("ann"), KEY.pseudonym("june")
    assert KEY.pseudonyms(column).to_pylist() == [ann, june, ann, None]
    assert KEY.tombstones(column)[3].as_py() is None
    assert KEY.pseudonyms(pa.array([], pa.string())).to_pylist() == []


def test_the_secret_is_in_no_repr() -> None:
    assert SECRET.hex() not in repr(KEY)
    assert repr(SECRET) not in repr(KEY)


def test_a_key_is_made_once_and_only_the_user_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "pseudonyms.key"
    assert read_key(path) is None
    key = make_key(path)
    assert key.is_new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    again = make_key(path)
    assert not again.is_new
    assert again.secret == key.secret
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_all_who_make_a_key_together_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: make_key(path), range(32)))
    assert len({key.secret for key in keys}) == 1
    assert sum(key.is_new for key in keys) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = make_key(tmp_path / "key").path
    path.chmod(mode)
    with pytest.raises(InputError, match=f"others can read the key file .* \\(mode {mode:04o}\\); chmod 600"):
        read_key(path)


@pytest.mark.parametrize("content", [b"", b"sesame", b"0" * 63, b"0" * 65, b"\xff" * 64, b"G" * 64, b"0" * 5000])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InputError, match="holds no key of 64 hexadecimal digits") as caught:
        make_key(path)
    assert "sesame" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_key_in_the_store_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "data"
    (tmp_path / "link").symlink_to(store)
    for path in (store / "key", store / "keys" / "key", tmp_path / "link" / "key"):
        with pytest.raises(InputError, match="lies in the store"):
            make_key(path, str(store))
    assert not store.exists()
    assert make_key(tmp_path / "key", "bolt://localhost:7687").is_new


def test_a_folder_and_an_unwritable_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        make_key(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(InputError, match="holds no key"):
        make_key(tmp_path / "pipe")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        make_key(tmp_path / "file" / "key")


def test_another_key_is_told_from_the_one_of_the_store() -> None:
    require_same(KEY, None, "data")
    require_same(KEY, {}, "data")
    require_same(KEY, {"key": KEY.check}, "data")
    with pytest.raises(InputError, match="the key in other is not the one of the store data; name the file"):
        require_same(PersonKey(b"\1" * 32, Path("other")), {"key": KEY.check}, "data")


def test_the_file_is_the_given_one_then_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    assert key_path() == tmp_path / "influence-graph" / "pseudonyms.key"
    monkeypatch.setenv(VARIABLE, "~/elsewhere")
    assert key_path() == Path("~/elsewhere").expanduser()
    assert key_path(tmp_path / "given") == tmp_path / "given"
