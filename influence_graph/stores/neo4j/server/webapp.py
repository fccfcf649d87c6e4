"""Pages of our own beside the server's Browser, served by the server itself.

The server takes its Browser from the folder ``browser/`` of the first jar on the class path that has one. A copy of
the Browser's jar with our pages in it, put in front, adds them at ``/browser/influence-graph/``: they are there as long
as the server is, at the Browser's own origin, and the server sends the headers that the Browser asks for.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from influence_graph.files import replacing

FOLDER = "influence-graph"
"""Folder of the pages under ``/browser/``."""
_DAY = (1980, 1, 1, 0, 0, 0)


def with_pages(browser: Path, pages: Mapping[str, bytes], target: Path) -> None:
    """Write a copy of the jar *browser* with *pages* (by file name) to *target*, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    with replacing(target) as temporary:
        shutil.copyfile(browser, temporary)
        with ZipFile(temporary, "a", ZIP_DEFLATED) as jar:
            for name, content in sorted(pages.items()):
                jar.writestr(ZipInfo(f"browser/{FOLDER}/{name}", _DAY), content)


def commands_after_login(http_url: str, names: Mapping[str, bytes]) -> str:
    """Return what the Browser at *http_url* does after a login: take the style, open the guide, where there are any."""
    address = f"{http_url}{FOLDER}"
    commands = (("style", "style.grass"), ("guide", "guide.html"))
    return "; ".join(f"{command} {address}/{name}" for command, name in commands if name in names)
