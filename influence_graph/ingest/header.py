"""Names of columns: which ones mean the same."""

from __future__ import annotations

import unicodedata


def field_name(column: str) -> str:
    """Return what a column is called for comparison: case, and spaces around and repeated within it, are ignored.

    No-break spaces count as spaces; letters are compared in NFC.

    Example:
        >>> field_name(" Created\\u00a0at ")
        'created at'
    """
    return " ".join(unicodedata.normalize("NFC", column).split()).lower()
