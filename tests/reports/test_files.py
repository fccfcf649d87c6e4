"""Files of reports: in a known format, complete, or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.files import write_whole
from influence_graph.reports.plots import check_suffix


def test_files_are_written_as_text_or_bytes_or_refused(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.html", "ü")
    assert (tmp_path / "a.html").read_bytes() == "ü".encode()
    write_whole(tmp_path / "a.html", b"\x00")
    assert (tmp_path / "a.html").read_bytes() == b"\x00"
    with pytest.raises(InputError, match="no-folder"):
        write_whole(tmp_path / "no-folder" / "a.html", "x")


@pytest.mark.parametrize("name", ["a.svg", "a.PNG", "b.c.html"])
def test_known_endings_are_plots_in_any_case(name: str) -> None:
    check_suffix(Path(name))


@pytest.mark.parametrize("name", ["a.pdf", "svg", ".svg", "a.svg.gz"])
def test_other_endings_are_named_with_those_that_are_known(name: str) -> None:
    with pytest.raises(InputError, match="is no plot") as error:
        check_suffix(Path(name))
    assert error.value.remedy == "use .svg, .html, .png"
