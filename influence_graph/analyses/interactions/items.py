"""What people take up of each other: a brand, a brand by a kind of interaction, or a named item of a brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import require
from influence_graph.errors import InputError
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

NAMED = "brand+item"
ITEMS = ("brand", "brand+kind", NAMED)


def require_item(item: str) -> None:
    """Refuse what is none of :data:`ITEMS`."""
    require(item in ITEMS, "item", repr(item), " or ".join(map(repr, ITEMS)), "use 'brand'")


def items_of(frame: pd.DataFrame, item: str) -> pd.Series:
    """Return what each record of *frame* is about: its ``brand``, ``brand kind`` or ``brand item``.

    A record without a kind is about its brand, one without an item about nothing: NaN.

    Args:
        frame: Records with the column brand, and kind or item where *item* says so.
        item: One of :data:`ITEMS`.
    """
    if item == "brand":
        return frame["brand"]
    brand, part = frame["brand"].astype(str), frame[item.removeprefix("brand+")].astype(object)
    return (brand + " " + part.astype(str)).where(part.notna(), np.nan if item == NAMED else brand)


def left_out(unnamed: int, number: int) -> tuple[str, ...]:
    """Return what a user is told where *unnamed* of a *number* of interactions name no item, nothing for 0.

    Raises:
        InputError: All of them do.
    """
    if not unnamed:
        return ()
    if unnamed == number:
        message = f"none of {count_text(number, 'interaction')} names an item"
        raise InputError(message, remedy="give records the column item, or use the item 'brand'")
    return (f"{unnamed:,} of {count_text(number, 'interaction')} name no item and are left out",)
