"""The drawing of a network in a page: its data are harmless, its scripts are those published, its table is complete."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from importlib import resources

import pytest

from influence_graph.reports.pages.network import drawing, licenses, scripts
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Network, Section
from tests.reports.conftest import network
from tests.reports.html import HOSTILE, assert_self_contained
from tests.reports.html import Page as Html

PUBLISHED = {  # of the files in the npm registry's packages
    "sigma.min.js": "58e30383ab428f832068d9d16a5215c65ba12430d438ed091c5703f398de9e16",
    "graphology.umd.min.js": "dc337efa23903f61e064c8e7e7f93a429e6855dccfc2458802b4ed30c621c087",
}


def named(count: int) -> Network:
    return network(tuple(f"Name {n}" for n in range(count)))


def page(*networks: Network) -> Html:
    sections = [Section(f"net-{n}", f"Network {n}", network=each) for n, each in enumerate(networks)]
    return Html(render_page(Page("Networks", sections)))


def test_the_libraries_are_those_published_and_run_nothing_of_the_page() -> None:
    folder = resources.files("influence_graph.reports").joinpath("vendor")
    for name, digest in PUBLISHED.items():
        assert sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest, name
    assert {each.name for each in folder.iterdir() if each.name.endswith(".js")} == set(PUBLISHED)
    for script in scripts():
        assert "</script" not in script.lower()
        assert "<!--" not in script
        assert "sourceMappingURL" not in script


def test_scripts_and_licenses_stand_once_in_a_page_with_networks_and_in_no_other() -> None:
    two = render_page(Page("Two", [Section("a", network=network()), Section("b", network=network())]))
    assert two.count("Permission is hereby granted") == 3 == len(licenses())
    assert two.count("class Network") == 1
    html = page(network(), network())
    assert_self_contained(html)
    assert len(html.scripts) == 2 + 3
    assert html.values("figure", "id") == ["net-0-network", "net-1-network"]
    none = render_page(Page("None", [Section("a", "A")]))
    for word in ("<script", "script-src", "Permission is hereby granted", "figure.network"):
        assert word not in none
    assert ".network" not in none


def test_the_data_are_those_of_the_network() -> None:
    kind, text = page(network(("Knits", "Ada", "n2"))).scripts[0]
    assert kind == "application/json"
    assert json.loads(text) == {
        "id": ["n0", "n1", "n2"],
        "name": ["Knits", "Ada", ""],
        "brand": [1, 0, 0],
        "size": [3, 2, 1],
        "group": [1, 1, 1],
        "x": [100, 54, -42],
        "y": [0, 84, 91],
        "source": [0, 0],
        "target": [1, 2],
        "weight": [2.0, 2.0],
        "sign": [-1, -1],
    }


@pytest.mark.parametrize("name", [*HOSTILE, "</script><img src=x onerror=alert(1)>", "<!--<script>", "a\u2028b\\"])
def test_a_hostile_name_ends_no_script_and_starts_none(name: str) -> None:
    html = page(replace(network((name, "Ada")), caption=name, note=f"{name} `{name}`"))
    assert_self_contained(html)
    assert len(html.scripts) == 1 + 3
    assert html.tags.count("figure") == 1
    shown = json.loads(html.scripts[0][1])["name"][0]
    assert shown[:20] == "".join(c if c.isprintable() else " " for c in name)[:20]


def test_commands_in_the_note_are_set_as_code() -> None:
    html = page(replace(network(), note="Draw `brand ID`, or `person ID`."))
    assert html.tags.count("code") == 2
    assert "Draw brand ID , or person ID ." in html.text


def test_the_table_holds_those_with_the_most_links_and_says_of_how_many() -> None:
    few, many = (drawing(named(count)).table for count in (3, 150))
    assert few.caption == "All that are drawn, as a table"
    assert few.rows == [
        ["Name 0", "n0", "Brand", "3", "1"],
        ["Name 1", "n1", "Consumer", "2", "1"],
        ["Name 2", "n2", "Consumer", "1", "1"],
    ]
    assert many.caption == "The 100 of 150 drawn with the most links, as a table"
    assert [row[1] for row in many.rows] == [f"n{n}" for n in range(100)]
