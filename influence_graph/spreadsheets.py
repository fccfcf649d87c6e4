"""Texts in CSV that a spreadsheet would execute as a formula: written with an apostrophe, and read without it.

An apostrophe goes before every text that begins with a formula sign, and before every text that begins with
apostrophes and then a formula sign: so taking one away again gives each text back, ``'@june`` and ``@june`` alike
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_SIGNS = r"[=+\-@\t\r]"
_EXECUTED = re.compile(rf"'*{_SIGNS}")
_GUARDED = re.compile(rf"'(?='*{_SIGNS})")


def guarded(text: str) -> str:
    """Return *text* as it stands in CSV.

    Example:
        >>> guarded("@june"), guarded("'@june"), guarded("june")
        ("'@june", "''@june", 'june')
    """
    return f"'{text}" if _EXECUTED.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that stands in CSV as *text*.

    Example:
        >>> unguarded("'@june"), unguarded("''@june"), unguarded("'june")
        ('@june', "'@june", "'june")
    """
    return text[1:] if _GUARDED.match(text) else text


def guard_column(texts: pd.Series[str]) -> pd.Series[str]:
    """Return each of *texts* as :func:`guarded` does; those that are missing stay so."""
    executed = texts.str.match(_EXECUTED).fillna(value=False).to_numpy(bool)
    return texts.mask(executed, "'" + texts) if executed.any() else texts


def unguard_column(raw: pa.BinaryArray) -> pa.BinaryArray:
    """Return each of *raw*, UTF-8 or not, as :func:`unguarded` does."""
    if not pc.any(pc.starts_with(raw, "'")).as_py():
        return raw
    return pc.replace_substring_regex(raw, pattern=rf"\A'('*{_SIGNS})", replacement=r"\1")
