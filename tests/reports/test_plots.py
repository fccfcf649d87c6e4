"""Plots are files of a known format."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.reports.plots import check_suffix


@pytest.mark.parametrize("name", ["a.svg", "a.PNG", "b.c.html"])
def test_known_endings_are_plots_in_any_case(name: str) -> None:
    check_suffix(Path(name))


@pytest.mark.parametrize("name", ["a.pdf", "svg", ".svg", "a.svg.gz"])
def test_other_endings_are_named_with_those_that_are_known(name: str) -> None:
    with pytest.raises(InputError, match="is no plot") as error:
        check_suffix(Path(name))
    assert error.value.remedy == "use .svg, .html, .png"
