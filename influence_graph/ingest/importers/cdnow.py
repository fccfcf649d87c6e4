"""CDNOW (Fader and Hardie): 69,659 purchases of 23,570 customers, January 1997 to June 1998.

One brand, ``cdnow``. Each row is a ``purchase``; from a customer's second day on the touchpoint table
makes it a ``repeat_purchase``. The dollars are the ``value``, in USD (80 are 0.00). Days have no time: each
is its midnight, UTC unless ``timezone`` is given. 2,068 rows share customer and day with an earlier one, so
they are one visit; the event id ends in the number of the purchase within that day, in file order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import INTERACTIONS, Batch

_NAMES = ("customer_id", "date", "number_of_cds", "dollar_value")


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people, the brand and interactions of the one file in *files*.

    Raises:
        InputError: the time zone is not known.
        UnreadableFile: the file is not the published one.
    """
    (file,) = files
    rows = _purchases(file)
    lines = np.arange(2, len(rows) + 2)
    customer, day = (pa.array(rows[name], pa.string()) for name in ("customer_id", "date"))
    people = c.prefixed(customer, options.prefix)

    yield c.people_batch(*c.distinct((people, lines)), file)
    brand = f"{options.prefix}cdnow"
    yield c.brands_batch(pa.array([brand]), [1], file, name=pa.array(["CDNOW"]), category="music shop")
    values = {
        "event_id": c.joined("cdnow", customer, day, pa.array(c.repeats(customer, day) + 1)),
        "at": _midnights(rows["date"], options.timezone or "UTC", file),
        "consumer": people,
        "brand": brand,
        "kind": "purchase",
        "value": rows["dollar_value"],
        "currency": "USD",
        "channel": "online",
    }
    yield make_batch(INTERACTIONS, values, lines, file)


def _purchases(file: Path) -> pd.DataFrame:
    """Return the rows of the master file in its order: by customer, then by day."""
    types = {"customer_id": str, "date": str, "number_of_cds": int, "dollar_value": float}
    try:
        rows = pd.read_csv(file, sep=r"\s+", dtype=types)
    except (ValueError, OSError) as error:
        raise UnreadableFile(f"{file}: {error}", remedy=f"the header must read {' '.join(_NAMES)}") from error
    missing = [name for name in _NAMES if name not in rows.columns]
    if missing:
        raise UnreadableFile(
            f"{file}: column {', '.join(missing)} is missing", remedy=f"the header must read {' '.join(_NAMES)}"
        )
    return rows


def _midnights(days: pd.Series, zone: str, file: Path) -> pd.Series:
    """Return the start of each ``YYYYMMDD`` day in *zone* as a UTC time."""
    try:
        return pd.to_datetime(days, format="%Y%m%d").dt.tz_localize(ZoneInfo(zone)).dt.tz_convert("UTC")
    except ZoneInfoNotFoundError as error:
        raise InputError(f"time zone {zone!r} is unknown", remedy="give an IANA name, such as Europe/Berlin") from error
    except ValueError as error:
        raise UnreadableFile(f"{file}: date: {error}", remedy="dates must read YYYYMMDD") from error
