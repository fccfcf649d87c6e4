"""What a file is said to be: presets, mappings, encodings, kinds, and what is assumed for a trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.app.inspect import fits, inspect, next_command, saved_mapping
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.mapping.file import parse_mapping
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.options import ReadOptions

PRESETS = sorted((Path(__file__).parents[1] / "ingest" / "presets" / "files").iterdir())


@pytest.mark.parametrize(
    "file", [file for file in PRESETS if file.stem != "tiktok-user-data"], ids=lambda file: file.stem
)
def test_files_of_presets_are_recognized_and_tried(file: Path) -> None:
    seen = inspect(file)
    assert seen.preset == file.stem
    assert seen.accepted
    assert f"--preset {file.stem}" in next_command(seen)
    saved = parse_mapping(saved_mapping(seen), "saved.toml")
    assert saved.kind == seen.mapping.kind


def test_a_document_of_two_presets_is_asked_about() -> None:
    (file,) = (file for file in PRESETS if file.stem == "tiktok-user-data")
    seen = inspect(file)
    assert seen.mapping is None
    assert [question.about for question in seen.questions] == ["--preset"]
    assert [choice.value for choice in seen.questions[0].choices] == ["tiktok-followers", "tiktok-following"]


def test_a_stated_field_comes_before_a_guess(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("Order No,Order Date,Email,Customer ID,Total\n1,2025-07-14T10:00:00Z,a@x.org,C1,3\n")
    guessed = inspect(file).mapping
    stated = inspect(file, ReadOptions(changes=changes_of(["consumer=Customer ID"], ["brand=acme"])))
    assert guessed.fields["consumer"].columns == ("Email",)
    assert stated.mapping.fields["consumer"].columns == ("Customer ID",)
    assert not stated.questions
    assert stated.accepted == 1


def test_rows_are_what_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("source,target\n" + "".join(f"a{n},b{n}\n" for n in range(50)))
    seen = inspect(file, rows=20)
    assert (seen.rows, seen.whole, seen.accepted) == (20, False, 20)
    assert inspect(file, rows=50).rows == 50
    with pytest.raises(InputError, match="rows is 0"):
        inspect(file, rows=0)


def test_only_the_first_rows_are_tried_though_all_are_bad(tmp_path: Path) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("source,target\n" + "a,a\n" * 5_000)
    seen = inspect(file, rows=20)
    assert (seen.accepted, seen.rejected, len(seen.rejects)) == (0, 20, 10)
    file.write_text("source,target\n")
    assert inspect(file).rows == 0
    file.write_text("Order No,Order Date,Email\n")
    assert "no rows" in inspect(file).guess.reason


def test_an_encoding_is_found_and_told(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    text = "Username;Full name;Followers\n" + "".join(f"p{n};Jörg Weiß {n};{n}\n" for n in range(40))
    file.write_bytes(text.encode("cp1252"))
    seen = inspect(file)
    assert seen.layout["encoding"] == "cp1252"
    assert seen.mapping.layout.encoding == "cp1252"
    assert "--encoding cp1252" in next_command(seen)
    assert (seen.accepted, seen.rejected) == (40, 0)


def test_a_record_file_of_another_encoding_does_not_fit_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,name\nann,Ann\n")
    assert fits(file, ReadOptions())
    file.write_bytes("id,name,city\nann,Jörg Weiß,Köln\n".encode("cp1252"))
    assert not fits(file, ReadOptions())


def test_gaps_of_every_kind_are_assumed_for_the_trial(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text("userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n2,10,4.0,835355493\n")
    seen = inspect(file)
    assert {question.about for question in seen.questions} == {"brand", "kind", "valence"}
    assert (seen.accepted, seen.rejected) == (3, 0)
    assert next_command(seen).endswith("--set brand=BRAND --set kind=KIND --map valence=…")


def test_a_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"import edges"):
        inspect(tmp_path / "net.gexf.gz")


def test_parquet_and_json(tmp_path: Path) -> None:
    import pandas as pd

    table = pd.DataFrame(
        {
            "Order No": [1, 2],
            "Order Date": pd.to_datetime(["2025-07-14", "2025-07-15"], utc=True),
            "Email": ["a@x.org", "b@x.org"],
            "Total": [1.5, 2.0],
            "Items": [["a"], ["b"]],
        }
    )
    table.to_parquet(tmp_path / "orders.parquet")
    seen = inspect(tmp_path / "orders.parquet")
    assert seen.format == "Parquet"
    assert (seen.mapping.kind, seen.accepted, seen.rejected) == ("interactions", 2, 0)
    table["Order Date"] = [1752487200000, 1752573600000]
    table.drop(columns="Items").to_json(tmp_path / "orders.jsonl", orient="records", lines=True)
    seen = inspect(tmp_path / "orders.jsonl")
    assert seen.mapping.fields["at"].notation.unit == "ms"
    assert (seen.accepted, seen.rejected) == (2, 0)
