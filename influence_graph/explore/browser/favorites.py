"""The archive of favorites: one folder per topic with one file of Cypher per question, as the Browser imports them."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from influence_graph.explore.browser.guide import guide
from influence_graph.explore.catalogue import catalogue

PICTURES = "pictures"
"""The folder of the guide's queries that draw."""
_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a .zip can hold: the same questions give the same bytes


def favorites() -> dict[str, str]:
    """Return the texts of the archive by their paths: a first line ``// Title``, which names it, then Cypher."""
    texts = {f"{each.topic}/{each.name}.cypher": f"// {each.title}\n{each.filled()}\n" for each in catalogue().values()}
    for number, query in enumerate((each for each in guide().queries if not each.question), start=1):
        texts[f"{PICTURES}/{number:02}.cypher"] = f"// {query.title}\n{query.text}\n"
    return texts


def archive() -> bytes:
    """Return the .zip to drop on the favorites panel of the Browser; equal questions give equal bytes."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for path, text in sorted(favorites().items()):
            entry = ZipInfo(path, _DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, text)
    return buffer.getvalue()
