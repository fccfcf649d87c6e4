"""Running sums as an Arrow table of one row, so that they can be saved and read back without pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from influence_graph.analyses.fusion.bond_sums import Sums
from influence_graph.analyses.fusion.names import Names
from influence_graph.analyses.fusion.running_sums import BEFORE_ALL, RunningSums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

_TYPES: dict[str, pa.DataType] = {
    "consumers": pa.large_string(),
    "brands": pa.large_string(),
    "bond_key": pa.int64(),
    "bond_value": pa.float64(),  # row by row
    "link_key": pa.int64(),
    "link_other": pa.int32(),
    "link_value": pa.float64(),
    "last": pa.int64(),
    "linked": pa.bool_(),
    "correcting": pa.large_string(),
    "replaced": pa.large_string(),
}
SCHEMA = pa.schema([("reference", pa.int64()), *((name, pa.large_list(type_)) for name, type_ in _TYPES.items())])
"""One row: the attributes of :class:`RunningSums` but the policy, arrays as lists."""


def table_of(sums: RunningSums) -> pa.Table:
    """Return *sums* as a table of :data:`SCHEMA`."""
    arrays = {
        "consumers": sums.consumers.texts,
        "brands": sums.brands.texts,
        "bond_key": sums.bonds.key,
        "bond_value": sums.bonds.value.ravel(),
        "link_key": sums.links.key,
        "link_other": sums.links.other,
        "link_value": sums.links.value.ravel(),
        "last": sums.last,
        "linked": sums.linked,
        "correcting": sums.correcting,
        "replaced": sums.replaced,
    }
    columns: dict[str, pa.Array] = {"reference": pa.array([sums.reference], pa.int64())}
    for name, values in arrays.items():
        flat = pa.array(values, _TYPES[name])
        columns[name] = pa.LargeListArray.from_arrays(pa.array([0, len(flat)], pa.int64()), flat)
    return pa.table(columns, schema=SCHEMA)


def sums_of(table: pa.Table, policy: FusionPolicy) -> RunningSums | None:
    """Return the running sums that :func:`table_of` made a *table* of, None where it is no such table.

    A table may come from anywhere: codes beyond the names would make compiled code read beyond its
    arrays, so all are checked.
    """
    if not table.schema.equals(SCHEMA) or table.num_rows != 1 or table.column("reference").null_count:
        return None
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        return None
    flat = {name: table.column(name).combine_chunks().flatten() for name in _TYPES}
    if any(values.null_count for values in flat.values()):
        return None
    texts = ("correcting", "replaced")
    arrays: dict[str, Any] = {name: _writable(values) for name, values in flat.items() if name not in texts}
    width = RunningSums.empty(policy).bonds.value.shape[1]
    if arrays["bond_value"].size != width * arrays["bond_key"].size:
        return None
    sums = RunningSums(
        policy=policy,
        consumers=Names.of(arrays["consumers"]),
        brands=Names.of(arrays["brands"]),
        reference=table.column("reference")[0].as_py(),
        bonds=Sums(
            arrays["bond_key"],
            np.zeros(arrays["bond_key"].size, np.int32),
            arrays["bond_value"].reshape(-1, width),
        ),
        links=Sums(arrays["link_key"], arrays["link_other"], arrays["link_value"].reshape(-1, 1)),
        last=arrays["last"],
        linked=arrays["linked"],
        correcting=flat["correcting"],
        replaced=flat["replaced"],
    )
    return sums if _is_consistent(sums) else None


def _writable(values: pa.Array) -> NDArray[Any]:
    """Return a copy of *values*: compiled code knows arrays that it may write to."""
    return np.array(values.to_numpy(zero_copy_only=False))


def _is_consistent(sums: RunningSums) -> bool:
    """Return whether all codes have a name, all rows are in order and all arrays of one length."""
    consumers, brands = len(sums.consumers), len(sums.brands)
    links = sums.links
    lengths_agree = links.key.size == links.other.size == len(links.value)
    return (
        lengths_agree
        and sums.last.size == sums.linked.size == consumers
        and len(sums.correcting) == len(sums.replaced)
        and all(part.is_unique for names in (sums.consumers, sums.brands) for part in names.parts)
        and _are_codes(sums.bonds, consumers, brands)
        and _are_codes(links, consumers, brands)
        and bool(np.isfinite(links.value).all() and (links.value >= 0).all())
        and sums.reference != BEFORE_ALL
    )


def _are_codes(rows: Sums, consumers: int, brands: int) -> bool:
    """Return whether *rows* ascend, each once, and have codes below these numbers."""
    if not len(rows):
        return True
    key, other = rows.key, rows.other
    ascends = (key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & (other[1:] > other[:-1]))
    return bool(
        key[0] >= 0
        and ascends.all()
        and rows.consumer[-1] < consumers
        and (rows.brand < brands).all()
        and (other >= 0).all()
        and (other < brands).all()
    )
