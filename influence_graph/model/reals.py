"""Numbers that callers give as lists, arrays and columns of any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def reals(values: Any, what: str, remedy: str, *, digits: bool = False) -> NDArray[np.float64]:  # noqa: ANN401 - anything
    """Return *values* as a new array of float64, NaN where one is missing (None, NaN, NA).

    Args:
        values: A list, array or column; of any shape.
        what: What messages call them.
        remedy: What to do about values that are no numbers.
        digits: Whether the digits of a text are a number.

    Raises:
        InputError: A value is text, a time, complex, too large for a float64, or anything else that is no real number.
    """
    try:
        array = np.asarray(values)
        if array.dtype == object:
            array = np.where(pd.isna(array), np.nan, array)
        fault = _fault(array, digits)
        found = None if fault else np.array(array.tolist() if array.dtype.kind in "UST" else array, dtype=np.float64)
    except Exception as error:
        raise InputError(f"{what}: {error}", remedy=remedy) from error
    if found is None:
        raise InputError(f"{what}: {fault}", remedy=remedy)
    return found


def _fault(array: NDArray[Any], digits: bool) -> str:
    """Return why *array* is not of numbers though numpy would make some of it: of half a complex number, of times."""
    if array.dtype.kind in "cmM":
        return f"they are of type {array.dtype}"
    if digits or array.dtype.kind not in "USTO":
        return ""
    text = next((value for value in array.ravel() if isinstance(value, str | bytes)), None)
    return "" if text is None else f"{str(text)!r} is text"
