"""What all results have in common: parameters, the digest of their input, a frame, and how they are displayed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from influence_graph.model.display import Drawable, Drawing, html_points, html_table, short_line

if TYPE_CHECKING:
    import pandas as pd


@runtime_checkable
class Result(Protocol):
    """What every object that a public function returns offers, unless it is a frame, an array or a graph.

    Attributes:
        parameters: The parameters, as JSON values; where chance is involved, ``seed`` repeats the run.
        digest: Digest of the input: of the graph, see :attr:`~influence_graph.model.graph.Graph.digest`, or of the
            records.
    """

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters, as JSON values."""
        ...

    @property
    def digest(self) -> str:
        """Digest of the input."""
        ...

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a table."""
        ...

    def plot(self, names: Mapping[str, str] | None = None) -> Drawing:
        """Return the plot of the result."""
        ...

    def _repr_html_(self) -> str:
        """Return the result as a notebook shows it."""
        ...


class Displayed(Drawable, ABC):
    """Mixin of the results: a representation of one line, a caption with a table in notebooks, and a plot.

    The plot of a class of results is a row of the table in ``reports/results/draw.py``.
    """

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the result as a table."""

    @abstractmethod
    def _figures(self) -> Mapping[str, object]:
        """Return the main figures by name, which the line and the caption show."""

    def __repr__(self) -> str:
        return short_line(type(self).__name__, self._figures())

    def _repr_html_(self) -> str:
        parameters: Mapping[str, object] = getattr(self, "parameters", {})
        return html_table(type(self).__name__, self._figures(), self.to_frame(), parameters=parameters)


class Told(Drawable, ABC):
    """Mixin of the parts of a result: its findings as sentences in notebooks, and a plot."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """Return the findings in words."""

    def _repr_html_(self) -> str:
        return html_points(type(self).__name__, self.sentences())
