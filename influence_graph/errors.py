"""Every error of influence_graph, in one tree.

::

    InfluenceGraphError            exit 1   anything a caller may want to handle
    ├── InputError                 exit 2   a value given by the user is out of its limits
    │   ├── UnreadableFile         exit 1   a file that cannot be read as records
    │   └── UnwritableFile         exit 1   a file that a full or failing disk cannot take
    ├── TooManyRejects             exit 1   more rejected rows than --max-rejects allows
    ├── NotFound                   exit 1   an id or a name that does not exist
    ├── NotConverged               exit 1   an iteration that stopped above its tolerance
    ├── NotVerified                exit 1   a result that differs from its full calculation
    ├── StoreError                 exit 1   the store refused an operation
    │   ├── SchemaMismatch         exit 1   a store written by another version
    │   ├── StoreDamaged           exit 1   the file of a store is no longer what was written
    │   ├── StoreUnreachable       exit 3   nothing answers at the address, or not in time
    │   ├── AuthenticationFailed   exit 4   wrong or missing user name and password
    │   └── LockHeld               exit 5   another process holds the file or the lease
    └── MissingExtra               exit 1   an optional package is not installed

Each message is one line: what happened, with the value and its limit, then what to do.
"""

from __future__ import annotations

from influence_graph.text import one_line

__all__ = [
    "AuthenticationFailed",
    "InfluenceGraphError",
    "InputError",
    "LockHeld",
    "MissingExtra",
    "NotConverged",
    "NotFound",
    "NotVerified",
    "SchemaMismatch",
    "StoreDamaged",
    "StoreError",
    "StoreUnreachable",
    "TooManyRejects",
    "UnreadableFile",
    "UnwritableFile",
]


class InfluenceGraphError(Exception):
    """Base of all errors raised on purpose; ``remedy`` says what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.message = one_line(message)
        self.remedy = one_line(remedy)
        super().__init__(f"{self.message}; {self.remedy}" if remedy else self.message)


class InputError(InfluenceGraphError):
    """A value given by the user is outside its limits."""

    exit_code = 2


class UnreadableFile(InputError):
    """A file cannot be read as records at all."""

    exit_code = 1


class UnwritableFile(InputError):
    """A file cannot be written: the disk is full, or fails."""

    exit_code = 1


class TooManyRejects(InfluenceGraphError):
    """More rows were rejected than the caller allows."""


class NotFound(InfluenceGraphError):
    """An id or a name does not exist."""


class NotConverged(InfluenceGraphError):
    """An iteration stopped above its tolerance."""


class NotVerified(InfluenceGraphError):
    """A result differs from that of a full calculation."""


class StoreError(InfluenceGraphError):
    """The store refused an operation."""


class SchemaMismatch(StoreError):
    """The store was written by another version of this program."""


class StoreDamaged(StoreError):
    """The file of a store is no longer what was written to it."""


class StoreUnreachable(StoreError):
    """Nothing answers at the store's address, or not in time."""

    exit_code = 3


class AuthenticationFailed(StoreError):
    """The store refused the user name or the password."""

    exit_code = 4


class LockHeld(StoreError):
    """Another process holds the store's file or a lease."""

    exit_code = 5


class MissingExtra(InfluenceGraphError):
    """An optional package is needed and not installed."""
