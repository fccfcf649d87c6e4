"""Keyed hashes in place of the ids of people: pseudonyms, and the tombstones of those who were forgotten.

A keyed hash is HMAC-SHA256 (RFC 2104, FIPS 198-1) of what the hash is for, a zero byte, and the id in the one form that
:mod:`influence_graph.model.ids` gives it. Without the key nobody can try whose hash it is; with it everybody can: who
has key and store has the ids of all whom they can guess, so the key lies outside the store, in a file of its own.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from platformdirs import user_config_path

from influence_graph.ending import unfinished
from influence_graph.errors import InputError

VARIABLE = "INFLUENCE_GRAPH_KEY_FILE"
"""The environment variable that names the key file."""
STATE = "privacy"
"""Name of the state in which a store keeps the check value of its key (``key``), and whether its people have pseudonyms
(``pseudonyms``)."""
_NAME = "pseudonyms.key"
_KEY_BYTES = 32  # as many as SHA-256 gives: RFC 2104, section 3
_HEX = 2 * _KEY_BYTES
_OTHERS = 0o077
_LONGEST = 1 << 10  # bytes of a file that is looked at
_FORM = re.compile(r"p-[0-9a-f]{40}")
_ANOTHER = f"name a file of yours with --key-file or {VARIABLE}"
_PERSON, _SEAL, _FORGOTTEN, _EVENT, _CHECK = b"person", b"seal", b"forgotten", b"event", b"check"


@dataclass(frozen=True)
class PersonKey:
    """A secret by which ids of people become hashes.

    Attributes:
        secret: The secret, 32 bytes; in no ``repr``.
        path: The file that it came from.
        is_new: Whether that file was made just now.
    """

    secret: bytes = field(repr=False)
    path: Path
    is_new: bool = False

    @property
    def check(self) -> str:
        """The value, 32 hexadecimal digits, by which a store recognizes this key; nothing follows from it."""
        return self._hash(_CHECK, "")

    def pseudonym(self, person: str) -> str:
        """Return the pseudonym of the id *person*: ``p-`` and 40 hexadecimal digits; of a pseudonym, itself.

        The last 8 digits are a keyed hash of the 32 before them: what a store gave can be ingested again.
        """
        if self.is_pseudonym(person):
            return person
        digits = self._hash(_PERSON, person)
        return f"p-{digits}{self._hash(_SEAL, digits)[:8]}"

    def is_pseudonym(self, person: str) -> bool:
        """Return whether the id *person* is a pseudonym that this key has made."""
        if not _FORM.fullmatch(person):
            return False
        return hmac.compare_digest(self._hash(_SEAL, person[2:34])[:8], person[34:])

    def tombstone(self, person: str) -> str:
        """Return the hash, 32 hexadecimal digits, by which a person who was forgotten is told at the door.

        *person* is the id as the store holds it: where people have pseudonyms, the pseudonym.
        """
        return self._hash(_FORGOTTEN, person)

    def pseudonyms(self, people: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Return the column *people*, ids, as pseudonyms; nulls stay."""
        return _each(people, self.pseudonym)

    def events(self, events: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Return the column *events*, ids made of the rows, as keyed hashes of 32 hexadecimal digits."""
        return _each(events, partial(self._hash, _EVENT))

    def tombstones(self, people: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Return the column *people*, ids as the store holds them, as tombstones; nulls stay."""
        return _each(people, self.tombstone)

    def _hash(self, purpose: bytes, text: str) -> str:
        return hmac.digest(self.secret, purpose + b"\0" + text.encode(), "sha256")[:16].hex()


def _each(column: pa.Array | pa.ChunkedArray, function: Callable[[str], str]) -> pa.Array:
    """Return *function* of each value of *column*, once per distinct one."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    return pa.array(map(function, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def key_path(given: Path | None = None) -> Path:
    """Return the key file: *given*, else that of ``INFLUENCE_GRAPH_KEY_FILE``, else in the user's configuration."""
    named = given or os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_config_path("influence-graph") / _NAME


def read_key(path: Path) -> PersonKey | None:
    """Return the key in *path*, None where there is no such file.

    Raises:
        InputError: others can read the file, it belongs to somebody else, or holds no key.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            text = file.read(_LONGEST) if stat.S_ISREG(found.st_mode) else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"the key file {path} cannot be read: {error.strerror}", remedy=_ANOTHER) from error
    if found.st_uid != os.geteuid():
        raise InputError(f"the key file {path} belongs to user {found.st_uid}", remedy=_ANOTHER)
    if found.st_mode & _OTHERS:
        mode = stat.S_IMODE(found.st_mode)
        raise InputError(f"others can read the key file {path} (mode {mode:04o})", remedy=f"chmod 600 {path}")
    digits = text.strip()
    if not re.fullmatch(rb"[0-9a-f]{%d}" % _HEX, digits):
        raise InputError(
            f"{path} holds no key of {_HEX} hexadecimal digits",
            remedy="restore it from a backup, or name the right file",
        )
    return PersonKey(bytes.fromhex(digits.decode()), path)


def make_key(path: Path, store: str = "") -> PersonKey:
    """Return the key in *path*, made now (mode 0600, its folder 0700) where there is no such file.

    Args:
        path: The key file.
        store: Address of the store that the key is for: the file must not lie in its folder.

    Raises:
        InputError: the file would lie in the store, cannot be written, or as :func:`read_key`.
    """
    require_outside(path, store)
    known = read_key(path)
    if known is not None:
        return known
    secret = secrets.token_bytes(_KEY_BYTES)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = _write_once(path, f"{secret.hex()}\n".encode())
    except OSError as error:
        raise InputError(f"the key file {path} cannot be made: {error.strerror}", remedy=_ANOTHER) from error
    if is_new:
        return PersonKey(secret, path, is_new=True)
    return make_key(path, store)  # another process was first


def require_outside(path: Path, store: str) -> None:
    """Refuse a key file in the folder of the *store*: who copies the store would have the key.

    Raises:
        InputError: it lies there.
    """
    if store and "://" not in store and path.resolve().is_relative_to(Path(store).resolve()):
        raise InputError(f"the key file {path} lies in the store {store}, whose copies would hold it", remedy=_ANOTHER)


def require_same(key: PersonKey, state: Mapping[str, Any] | None, store: str) -> None:
    """Refuse a *key* that is not the one of the *store*, whose state named :data:`STATE` is *state*.

    Raises:
        InputError: its hashes were made with another key.
    """
    known = (state or {}).get("key")
    if known is not None and not hmac.compare_digest(str(known), key.check):
        raise InputError(
            f"the key in {key.path} is not the one of the store {store}",
            remedy=f"name the file of its key with --key-file or {VARIABLE}",
        )


def _write_once(path: Path, content: bytes) -> bool:
    """Write *content* to *path* (mode 0600) in one step; return False where there is such a file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with unfinished(partial(temporary.unlink, missing_ok=True)), os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
            with suppress(FileExistsError):
                os.link(temporary, path)
                return True
            return False
    finally:
        temporary.unlink(missing_ok=True)
