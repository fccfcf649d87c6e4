"""The touchpoint table of a store: looked at, compared, and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from influence_graph.errors import InputError, NotFound
from influence_graph.model.touchpoints import NUMBERS, KindRule, TouchpointTable, kind_key
from influence_graph.stores.base import Store

NO_KIND = "(no kind)"
"""What tables show for interactions that name no kind."""


@dataclass(frozen=True, eq=False)
class TableInUse:
    """The touchpoint table of a store, and the number of its interactions that count by kind."""

    table: TouchpointTable
    interactions: Mapping[str, int]

    def count(self, kind: str) -> int:
        """Return the number of interactions of *kind*, however it is spelled."""
        return sum(n for name, n in self.interactions.items() if kind_key(name) == kind_key(kind))

    def changes(self, base: TouchpointTable | None, table: TouchpointTable) -> pd.DataFrame:
        """Return what is different in *table* from *base* (None: the built-in one): one row per kind and key."""
        former = TouchpointTable.load() if base is None else base
        rows = [
            (kind or NO_KIND, key, *values, self.count(kind))
            for kind, pair in table.changes(former).items()
            for key, *values in _differences(kind, pair, (former, table))
        ]
        return pd.DataFrame(rows, columns=["kind", "key", "old", "new", "interactions"])

    def given_meaning(self, table: TouchpointTable) -> dict[str, int]:
        """Return the number of interactions by kind that *table* lists and this one does not."""
        still = table.unknown(self.interactions)
        return {kind: n for kind, n in self.table.unknown(self.interactions).items() if kind not in still}

    def rules(self, kinds: Sequence[str]) -> pd.DataFrame:
        """Return what each of *kinds* means: one row per kind, all keys, and where the line is from."""
        built_in = TouchpointTable.load()
        rows = []
        for kind in kinds:
            rule = self.table.rule(kind)
            own = self.table.kinds.get(kind_key(kind))
            origin = "not listed" if own is None else "built-in" if own == built_in.kinds.get(kind_key(kind)) else "own"
            rows.append({"kind": kind, **asdict(rule), "line": origin, "interactions": self.count(kind)})
        return pd.DataFrame(rows)


def table_in_use(store: Store) -> TableInUse:
    """Return the touchpoint table of *store*, and what it is used on; where there is no store yet, the built-in."""
    try:
        with store.snapshot() as view:
            return TableInUse(view.touchpoints(), view.kinds())
    except NotFound:
        return TableInUse(TouchpointTable.load(), {})


def table_in(store: Store) -> TouchpointTable:
    """Return the touchpoint table of *store*; where there is no store yet, the built-in one."""
    try:
        return store.touchpoints()
    except NotFound:
        return TouchpointTable.load()


def set_table(store: Store, table: TouchpointTable) -> None:
    """Make *table* that of *store*; one that equals the built-in table follows it from version to version."""
    store.set_touchpoints(table if table.changes() else None)


def with_line(table: TouchpointTable, kind: str, assignments: Sequence[str]) -> TouchpointTable:
    """Return *table* with some keys of the line of *kind* changed, each written ``key=value``.

    Raises:
        InputError: a key or a value is not allowed.
    """
    line = asdict(table.kinds.get(kind_key(kind), table.default)) | dict(map(_assigned, assignments))
    return table.with_lines({kind: line})


def _assigned(text: str) -> tuple[str, str | float]:
    key, separator, value = (part.strip() for part in text.partition("="))
    if not separator:
        raise InputError(f"{text!r} sets nothing", remedy="write key=value, such as valence=-1")
    try:
        return key, float(value) if key in NUMBERS else value
    except ValueError:
        return key, value  # the table refuses it, and says what may be there


def _differences(
    kind: str, pair: tuple[KindRule | None, KindRule | None], tables: tuple[TouchpointTable, TouchpointTable]
) -> Iterator[tuple[str, object, object]]:
    """Yield key, old and new value where they differ; a kind that is not listed means what unknown kinds do."""
    old, new = (asdict(own or table.rule(kind)) for own, table in zip(pair, tables, strict=True))
    for key, value in old.items():
        if value != new[key] or (key == "valence" and None in pair):
            yield key, value, new[key]
