"""What is stated of the encoding is checked before anything is read; a guess that bytes do not settle is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.readers import stream
from influence_graph.ingest.readers.encodings import check_encoding, encoding_named, guess
from influence_graph.ingest.readers.stream import guess_encoding
from influence_graph.ingest.source import ReadOptions, open_source

PATH = Path("file.csv")
NAMES = "source,target\nZoë,Jürgen\nHélène,Besançon\n"
TEXTS = {
    "cp1252": "source,target\n“Zoë” – 5 €,l’été\nMÜLLER,ann\n",
    "latin-1": NAMES,
    "mac-roman": NAMES,
    "cp1250": "source,target\nŁukasz,Żółć\n",
    "cp1251": "source,target\nПётр,Мария\nГёте,Анна\n",
    "cp1253": "source,target\nΓιώργος,Ελένη\n",
    "shift_jis": "source,target\n山田,鈴木\n",
    "gbk": "source,target\n张伟,王芳\n",
    "utf-16": NAMES,
    "utf-16-le": NAMES,
    "utf-32": NAMES,
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_file_in_the_stated_encoding_is_its_text(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(TEXTS[encoding].encode(encoding))
    (batch,) = open_source(path, ReadOptions(layout=Layout(encoding=encoding.upper()))).batches(print)
    written = [line.split(",") for line in TEXTS[encoding].splitlines()[1:]]
    assert [[row["source"], row["target"]] for row in batch.table.to_pylist()] == written


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("cp1251x", "did you mean 'cp1251'"), ("zlib", ""), ("", "such as cp1252"), ("\0", ""), ("rot13", "")],
)
def test_an_unknown_encoding_is_refused_with_the_nearest(name: str, remedy: str) -> None:
    with pytest.raises(InputError) as error:
        encoding_named(name)
    assert error.value.exit_code == 2
    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (
            "a\nZoë\n".encode() + "Müller\n".encode("cp1252"),
            "cp1252",
            "mixes encodings: line 2 is UTF-8, line 3 is not",
        ),
        ("a\nb\nß\n".encode("latin-1") + "Çelik\n".encode(), "latin-1", "mixes encodings: line 4 is UTF-8, line 3"),
        ("a\nПётр\n".encode() + "Анна\n".encode("cp1251"), "cp1251", "mixes encodings: line 2 is UTF-8, line 3"),
        ("a\nŁukasz\n".encode(), "cp1250", "line 2 is UTF-8 text, and cp1250 is stated; leave out"),
        ("a\nZoë 🫨\n".encode(), "cp1252", "is UTF-8 text"),
        (b"a\nb\n\x81\n", "cp1252", "line 3: the bytes 81 are no cp1252 text"),
        ("a\né\n".encode("latin-1"), "ascii", "line 2: the bytes e9 are no ascii text"),
        ("a\nZo\xeb\n".encode("latin-1"), "shift_jis", "line 2: the bytes eb 0a|line 2: the bytes eb"),
        ("a\n".encode("utf-16-le")[:-1], "utf-16-le", "line 1: the bytes 0a are no utf-16-le text"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_file_that_is_not_in_the_stated_encoding_is_refused_with_the_line(
    content: bytes, encoding: str, reason: str, size: int
) -> None:
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    with pytest.raises(UnreadableFile, match=reason):
        check_encoding(PATH, blocks, encoding_named(encoding))


def test_a_mark_that_contradicts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbf" + NAMES.encode())
    with pytest.raises(UnreadableFile, match="byte order mark of UTF-8, and cp1252 is stated"):
        open_source(path, ReadOptions(layout=Layout(encoding="cp1252")))


def test_nothing_is_read_of_a_mixed_file_however_late_the_other_line_comes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"source,target\n" + "é,b\n".encode("cp1252") * 500_000 + "é,b\n".encode())
    with pytest.raises(UnreadableFile, match=r"mixes encodings: line 500002 is UTF-8, line 2 is not"):
        open_source(path, ReadOptions(layout=Layout(encoding="cp1252")))


GUESSES = [("latin-1", "cp1252"), ("cp1252", "cp1252"), ("mac-roman", "mac-roman"), ("utf-16", "utf-16"), ("gbk", None)]


@pytest.mark.parametrize(
    ("encoding", "answer"), [*GUESSES, ("utf-16-le", "utf-16-le"), ("cp1250", None), ("cp1251", None)]
)
def test_the_guess_is_right_or_none(encoding: str, answer: str | None) -> None:
    assert guess([TEXTS[encoding].encode(encoding)]) == answer


def test_a_file_of_two_encodings_is_mixed_and_ascii_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(NAMES.encode() + NAMES.encode("cp1252"))
    assert guess_encoding(path) == "mixed"
    path.write_bytes(b"\xef\xbb\xbfa,b\n")
    assert guess_encoding(path) == "utf-8"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1), st.integers(1, 9))
def test_utf_8_is_never_taken_for_another_encoding_wherever_it_is_cut(text: str, size: int) -> None:
    content = ("a" + text).encode()
    assert guess(content[at : at + size] for at in range(0, len(content), size)) == "utf-8"


def test_a_block_may_be_longer_than_what_is_looked_at_of_one_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stream, "_BLOCK", 1000)
    path = tmp_path / "t.csv"
    path.write_bytes(("山" * 5000 + "\n").encode())
    assert guess_encoding(path) == "utf-8"
