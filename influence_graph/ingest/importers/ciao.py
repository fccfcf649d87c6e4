"""Ciao (Tang, Gao, Liu 2012), the version whose ratings and trust share user ids.

``truster, trustee`` becomes "truster follows trustee". A rating becomes a ``review`` with valence
(rating - 3) / 2, so 1 star is -1 and 5 stars are +1, at the file's epoch second (which the
publisher's eight-digit floats rounded to 100 s). A product is a brand; its category is the first
one that the file gives it (3 of 16,861 products have two). 230 reviews repeat a user and product:
each is a separate event, numbered in file order. ``helpfulness`` is left out: neither its scale
(1 to 7 occur) nor its direction is documented, and a guess would change every score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import INTERACTIONS, TIES, Batch

_TEXT = pa.string()


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people, brands, ties and interactions of *files*.

    Raises:
        UnreadableFile: a file is not the published one.
    """
    trust, ratings = files
    rated = c.read_delimited(
        ratings, {"user": _TEXT, "product": _TEXT, "category": _TEXT, "rating": pa.float64(), "epoch": pa.int64()}
    )
    trusted = c.read_delimited(trust, {"truster": _TEXT, "trustee": _TEXT})
    source, target = (c.prefixed(trusted[name], options.prefix) for name in ("truster", "trustee"))
    users, products = (c.prefixed(rated[name], options.prefix) for name in ("user", "product"))
    lines, trust_lines = c.lines_of(rated), c.lines_of(trusted)

    yield c.people_batch(*c.distinct((source, trust_lines), (target, trust_lines), (users, lines)), trust)
    brands, brand_lines = c.distinct((products, lines))
    category = c.joined("category", rated["category"], separator=" ").take(pa.array(brand_lines - 2))
    yield c.brands_batch(brands, brand_lines, ratings, category=category)
    yield make_batch(TIES, {"source": source, "target": target, "kind": "follows"}, trust_lines, trust)
    nth = pa.array(c.repeats(rated["user"], rated["product"]) + 1)
    values = {
        "event_id": c.joined("ciao", rated["user"], rated["product"], nth),
        "at": pc.multiply(rated["epoch"], 1_000_000).cast(pa.timestamp("us", tz="UTC")),
        "consumer": users,
        "brand": products,
        "kind": "review",
        "valence": pc.divide(pc.subtract(rated["rating"], 3.0), 2.0),
        "channel": "online",
        "platform": "Ciao",
    }
    yield make_batch(INTERACTIONS, values, lines, ratings)
