"""Files with one fault each, and the outcome that they must have."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

AT = "2024-05-01T12:00:00Z"


@dataclass(frozen=True)
class Case:
    """A file and its outcome: what is accepted, what is rejected where and why, or why it is refused."""

    name: str
    content: bytes
    suffix: str = ".csv"
    kind: str | None = None
    timezone: str | None = None
    accepted: int = 0
    rejected: tuple[tuple[int, str, str], ...] = ()  # line, column, a part of the reason
    left_out: tuple[tuple[int, str, str], ...] = ()  # values without which their records are accepted
    values: dict[str, list[Any]] = field(default_factory=dict)  # of accepted records, in order
    refused: str | None = None  # a part of the message


def people(value: str | bytes, name: str, **outcome: Any) -> Case:
    raw = value if isinstance(value, bytes) else value.encode()
    return Case(name, b"id,name\nann," + b"\n" + raw + b",x\n", kind="people", **outcome)


def bad_id(value: str | bytes, name: str, reason: str) -> Case:
    return people(value, name, accepted=1, rejected=((3, "id", reason),))


def good_id(value: str, name: str, kept: str | None = None) -> Case:
    return people(value, name, accepted=2, values={"id": ["ann", value if kept is None else kept]})


def bad_weight(value: str, name: str, reason: str) -> Case:
    text = f'source,target,weight\na,b,1\nb,c,"{value}"\n'
    return Case(name, text.encode(), accepted=1, rejected=((3, "weight", reason),))


def bad_followers(value: str, name: str, reason: str) -> Case:
    text = f"id,followers\na,1\nb,{value}\n"
    return Case(name, text.encode(), accepted=2, left_out=((3, "followers", reason),), values={"followers": [1, None]})


def bad_time(value: str, name: str, reason: str, timezone: str | None = None) -> Case:
    text = f"event_id,at,brand\n1,{AT},x\n2,{value},x\n"
    return Case(name, text.encode(), timezone=timezone, accepted=1, rejected=((3, "at", reason),))


def bad_line(line: str | bytes, name: str, reason: str, column: str = "") -> Case:
    raw = line if isinstance(line, bytes) else line.encode()
    content = b'{"id": "a", "name": "x"}\n' + raw + b'\n{"id": "b"}\n'
    if column in ("followers", "joined"):
        return Case(name, content, ".jsonl", "people", accepted=3, left_out=((2, column, reason),))
    return Case(name, content, ".jsonl", "people", accepted=2, rejected=((2, column, reason),))


def refused(name: str, content: bytes, reason: str, suffix: str = ".csv", kind: str | None = None) -> Case:
    return Case(name, content, suffix, kind, refused=reason)


def parquet(**columns: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


TIES = b"source,target\na,b\nb,c\n"
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
DEEP = '{"id": ' + "[" * 10_000 + "]" * 10_000 + "}"
BIG_GZIP = gzip.compress(b"source,target\n" + b"".join(b"%d,x%d\n" % (i, i * 7919) for i in range(20_000)))

ENCODING = [
    Case("byte order mark", b"\xef\xbb\xbf" + TIES, accepted=2, values={"source": ["a", "b"]}),
    Case("UTF-16", "source,target\né,b\n".encode("utf-16"), accepted=1, values={"source": ["é"]}),
    Case("UTF-16 big-endian", b"\xfe\xff" + "source,target\na,b\n".encode("utf-16-be"), accepted=1),
    Case("UTF-32", TIES.decode().encode("utf-32"), accepted=2),
    refused("UTF-16 without a mark", TIES.decode().encode("utf-16-le"), "NUL bytes"),
    refused("UTF-16 that ends within a character", TIES.decode().encode("utf-16")[:-1], "not UTF-16"),
    bad_id("Zoë".encode("latin-1"), "Latin-1", "not UTF-8"),
    bad_id(b"a\xf0\x9f\x99", "broken UTF-8", "not UTF-8"),
    bad_id(b"a\xed\xa0\x80", "a surrogate in UTF-8", "not UTF-8"),
    bad_id("a\x00b", "NUL byte", "control character U+0000"),
    bad_id("a\u202eb", "direction override", "RIGHT-TO-LEFT OVERRIDE U+202E"),
    bad_id("a\u2066b", "direction isolate", "U+2066"),
    bad_id("a\u200bb", "zero-width space", "ZERO WIDTH SPACE U+200B"),
    bad_id("a\ufeffb", "byte order mark within an id", "U+FEFF"),
    bad_id("\x1b[31mred", "ANSI escape", "U+001B"),
    bad_id("a\x7f", "delete", "U+007F"),
    bad_id("a\u0085b", "C1 control", "U+0085"),
    bad_line('{"id": "\\ud800"}', "lone surrogate in JSON", "not UTF-8", "id"),
    bad_line(b'{"id": "\xff"}', "broken UTF-8 in JSON", "not UTF-8"),
    bad_line('{"id": "a\\u0000b"}', "escaped NUL in JSON", "U+0000", "id"),
]

SHAPE = [
    refused("empty file", b"", "is empty"),
    refused("white space only", b" \n\n \r\n", "is empty"),
    refused("empty gzip", gzip.compress(b""), "is empty", ".csv.gz"),
    Case("header only", b"source,target\n"),
    Case("header without a line feed", b"source,target"),
    refused("duplicate column", b"source,target,Source\na,b,c\n", "'source' more than once"),
    refused("missing column", b"event_id,at,consumer\n1,2,3\n", "lacks brand"),
    refused("missing column of the stated kind", b"id\nx\n", "lacks source, target", kind="ties"),
    refused("no known column", b"foo,bar\n1,2\n", "no kind of record: its columns are 'foo', 'bar'"),
    refused("ambiguous columns", b"id,name\n1,2\n", "people or brands"),
    Case("reordered columns", b"target,source\nb,a\n", accepted=1, values={"source": ["a"], "target": ["b"]}),
    Case("extra columns", b"source,x,target,\na,1,b,2\n", accepted=1, values={"target": ["b"]}),
    Case("capitals and spaces in the header", b" Source , TARGET\na,b\n", accepted=1),
    Case("ragged rows", TIES + b"c\nd,e,f\nf,g\n", accepted=3, rejected=((4, "", "1 fields"), (5, "", "3 fields"))),
    Case(
        "quote never closed",
        b'source,target\na,b\n"c,d\ne,f\n',
        accepted=2,
        rejected=((3, "", "never closed"),),
        values={"source": ["a", "e"]},
    ),
    Case(
        "text after a closing quote", b'source,target\n"a"x,b\nc,d\n', accepted=1, rejected=((2, "", "closing quote"),)
    ),
    Case(
        "line feeds in quotes",
        b'id,followers,name\n1,1,"a\nb"\n\n2,x,"c\nd"\n3,y,z\n',
        kind="people",
        accepted=3,
        left_out=((5, "followers", "not a number"), (7, "followers", "not a number")),
        values={"name": ["a b", "c d", "z"]},
    ),
    Case("semicolons", TIES.replace(b",", b";"), accepted=2, values={"target": ["b", "c"]}),
    Case("tabs", TIES.replace(b",", b"\t"), accepted=2, values={"target": ["b", "c"]}),
    Case("pipes", TIES.replace(b",", b"|"), accepted=2, values={"target": ["b", "c"]}),
    Case("separator line of Excel", b"sep=;\r\nsource;target\r\na;b\r\n", accepted=1, values={"target": ["b"]}),
    Case("unused double column", b"source,target,note,note\na,b,x,y\n", accepted=1),
    Case(
        "line feed in the header",
        b'source,target,"a\nb"\na,b,c\na,a,c\n',
        accepted=1,
        rejected=((4, "target", "same"),),
    ),
    Case("CRLF", TIES.replace(b"\n", b"\r\n"), accepted=2, values={"target": ["b", "c"]}),
    Case("CR", TIES.replace(b"\n", b"\r"), accepted=2, values={"target": ["b", "c"]}),
    Case("CR within a line", b"source,target\na\rx,b\nc,d\n", accepted=1, rejected=((2, "", "carriage return"),)),
    Case("blank lines", b"\n\nsource,target\n\na,b\n\n,c\n", accepted=1, rejected=((7, "source", "is empty"),)),
    Case("field of 10 MB", TIES + b"x" * 10_000_000 + b",b\nd,e\n", accepted=3, rejected=((4, "", "131,072 bytes"),)),
    Case(
        "quoted field of 10 MB", TIES + b'"' + b"x" * 10_000_000 + b'",b\n', accepted=2, rejected=((4, "", "131,072"),)
    ),
    refused("40 MB without a line break", TIES + b"x" * 40_000_000, "line 4: no line break"),
    refused("truncated gzip", BIG_GZIP[:-2000], "gzip data", ".csv.gz"),
    refused("damaged gzip", BIG_GZIP[:500] + bytes(50) + BIG_GZIP[550:], "gzip data", ".csv.gz"),
    refused("truncated Parquet", parquet(source=["a"], target=["b"])[:-9], "not a complete Parquet", ".parquet"),
    refused("only the magic of Parquet", b"PAR1", "not a complete Parquet", ".parquet"),
    refused("zip", b"PK\x03\x04" + bytes(100), "the zip data is broken", ".xlsx"),
    refused("zip of two files", zipped(a=TIES, b=TIES), "holds 2 files, 'a', 'b'", ".zip"),
    Case("zip of one file", zipped(a=TIES), ".zip", accepted=2),
    Case("bzip2", bz2.compress(TIES), ".csv.bz2", accepted=2),
    Case("xz", lzma.compress(TIES), ".csv.xz", accepted=2),
    refused("truncated bzip2", bz2.compress(TIES)[:-5], "bzip2 data", ".csv.bz2"),
    refused("truncated xz", lzma.compress(TIES)[:-5], "xz data", ".csv.xz"),
    refused("encrypted workbook", ENCRYPTED, "is an encrypted workbook", ".xlsx"),
    refused("zstd", b"\x28\xb5\x2f\xfd" + bytes(100), "zstd", ".csv.zst"),
    refused("picture", b"\x89PNG\r\n\x1a\n\x00\x00", "matches no kind of record", ".csv"),
    Case("Parquet named .csv", parquet(source=["a"], target=["b"]), ".csv", accepted=1),
    Case("gzip named .csv", gzip.compress(TIES), ".csv", accepted=2),
    Case("JSON Lines named .csv", b'{"source": "a", "target": "b"}\n', ".csv", accepted=1),
]

JSON_LINES = [
    bad_line('{"id": "c", "id": "d"}', "duplicate keys", "appears twice"),
    bad_line('{"id": null, "id": "d"}', "duplicate keys, one null", "appears twice"),
    bad_line(DEEP, "depth 10,000", "nested too deeply"),
    bad_line(DEEP.replace('"id"', '"other"'), "depth 10,000 in an unknown field", "nested too deeply"),
    bad_line('{"id": {"id": 1}}', "object for an id", "is an object", "id"),
    bad_line('{"id": true}', "boolean for an id", "true or false", "id"),
    bad_line('{"id": 1.5}', "fraction for an id", "with a fraction", "id"),
    bad_line('{"id": null}', "null for an id", "is empty", "id"),
    bad_line('{"name": "x"}', "required field absent", "is empty", "id"),
    bad_line("[1, 2]", "array for a record", "not a JSON object"),
    bad_line('{"id": "c"', "cut line", "is not JSON"),
    bad_line("{'id': 'c'}", "single quotes", "is not JSON"),
    bad_line('{"id": "c"} {"id": "d"}', "two objects in a line", "is not JSON"),
    bad_line('{"id": "c", "followers": NaN}', "NaN in JSON", "not a number", "followers"),
    bad_line('{"id": "c", "followers": Infinity}', "Infinity in JSON", "not finite", "followers"),
    bad_line('{"id": "c", "followers": 1e400}', "1e400 in JSON", "too large", "followers"),
    bad_line('{"id": "c", "followers": 9223372036854775808}', "2**63 in JSON", "64 bits", "followers"),
    bad_line('{"id": "c", "followers": 1.5}', "fraction for an integer", "whole number", "followers"),
    bad_line('{"id": "c", "joined": 1714564800}', "epoch in JSON", "bare number", "joined"),
    Case("JSON array", b'[{"id": "a"},\n{"id": "b"}]', ".json", "people", accepted=2, values={"id": ["a", "b"]}),
    refused("two JSON arrays", b'{"x": [{"id": "a"}], "y": [{"id": "b"}]}', "arrays of objects, at 'x', 'y'", ".json"),
    refused("JSON array that is cut", b'[{"id": "a"},\n{"id"', "line 2 is not JSON", ".json"),
    refused("pretty-printed JSON", b'{\n  "id": "a"\n}\n', "without an array", ".json"),
    Case(
        "1 and '1' are one id",
        b'{"id": 1}\n{"id": "1"}\n\n{"id": 9007199254740993}\n',
        ".jsonl",
        "people",
        accepted=3,
        values={"id": ["1", "1", "9007199254740993"]},
    ),
]

NUMBERS = [
    bad_weight("nan", "NaN", "not a number"),
    bad_weight("inf", "infinity", "not finite"),
    bad_weight("-Infinity", "minus infinity", "not finite"),
    bad_weight("1e400", "1e400", "too large"),
    bad_weight("-1", "negative weight", "less than 0"),
    bad_weight("1,234.5", "thousands separators", "thousands separators"),
    bad_weight("1 234", "thousands by spaces", "thousands separators"),
    bad_weight("0,5", "decimal comma", "decimal comma"),
    bad_weight("12%", "percentage", "percentage"),
    bad_weight("true", "boolean as text", "not a number"),
    bad_weight("0x10", "hexadecimal", "hexadecimal"),
    bad_weight("1_000", "underscores", "thousands separators"),
    bad_weight("١٢", "digits of another script", "not a number"),
    bad_weight("five", "a word", "not a number"),
    bad_followers("9223372036854775808", "2**63", "64 bits"),
    bad_followers("1.5", "fraction", "whole number"),
    bad_followers("0x10", "hexadecimal integer", "hexadecimal"),
    bad_followers("-3", "negative count", "less than 0"),
    Case(
        "numbers in unusual dress",
        b"source,target,weight\na,b,-0.0\na,c, 1.5 \na,d,+2\na,e,.5\na,f,5.\na,g,1E3\na,h,\n",
        accepted=7,
        values={"weight": [0.0, 1.5, 2.0, 0.5, 5.0, 1000.0, None]},
    ),
    Case("pandas integers with gaps", b"id,followers\na,12.0\nb,\n", accepted=2, values={"followers": [12, None]}),
    Case("empty and quoted empty", b'id,followers\na,""\nb,\n', accepted=2, values={"followers": [None, None]}),
    Case(
        "valence beyond 1",
        f"event_id,at,consumer,brand,valence\n1,{AT},a,b,1\n2,{AT},a,b,1.01\n".encode(),
        accepted=1,
        rejected=((3, "valence", "more than 1"),),
    ),
]

TIMES = [
    bad_time("2024-05-01T12:00:00", "no zone", "no time zone"),
    bad_time("2024-05-01", "date only", "no time zone"),
    bad_time("2024-03-31T02:30:00", "DST gap", "never happened in Europe/Berlin", "Europe/Berlin"),
    bad_time("2024-10-27T02:30:00", "DST fold", "happened twice in Europe/Berlin", "Europe/Berlin"),
    bad_time("0001-01-01T00:00:00Z", "year 1", "outside 1900 to 2200"),
    bad_time("9999-12-31T23:59:59Z", "year 9999", "outside 1900 to 2200"),
    bad_time("0001-01-01T00:00:00+14:00", "before year 1", "not a valid time"),
    bad_time("2024-02-30T00:00:00Z", "30 February", "day is out of range"),
    bad_time("2024-13-01T00:00:00Z", "month 13", "not a valid time"),
    bad_time("2024-05-01T25:00:00Z", "hour 25", "not a valid time"),
    bad_time("1714564800", "epoch in s", "bare number"),
    bad_time("1714564800000", "epoch in ms", "bare number"),
    bad_time("1714564800000000", "epoch in µs", "bare number"),
    bad_time("05/01/2024", "American date", "not an ISO 8601"),
    bad_time("2024-05-01T12:00:00 CET", "named zone", "not an ISO 8601"),
    bad_time("", "empty time", "is empty"),
    Case("future", b"event_id,at,brand\n1,2150-01-01T00:00:00Z,x\n", accepted=1),
    Case(
        "corrections",
        b"event_id,at,consumer,brand,kind,replaces\n1,2024-05-01T00:00:00Z,a,b,wear,1\n"
        b"2,2024-05-01T00:00:00Z,a,b,Retraction,\n3,2024-05-01T00:00:00Z,a,b,retraction,0\n"
        b"4,2024-05-01T00:00:00Z,a,b,wear,later\n5,2024-05-01T00:00:00Z,a,b,,\n",
        accepted=3,
        rejected=((2, "replaces", "cannot replace itself"), (3, "replaces", "must name the event")),
        values={"replaces": ["0", "later", None]},
    ),
    Case(
        "zone from the option",
        b"event_id,at,brand\n1,2024-07-01 12:00,x\n2,2024-07-01T12:00:00+05:30,x\n3,2050-07-01,x\n",
        timezone="Europe/Berlin",
        accepted=3,
        values={"at": ["2024-07-01T10:00:00+00:00", "2024-07-01T06:30:00+00:00", "2050-06-30T22:00:00+00:00"]},
    ),
    Case(
        "zones by the name that means one",
        b"event_id,at,brand\n1,2024-05-01 12:00:00 UTC,x\n2,2024-05-01T12:00 GMT+2,x\n"
        b'3,"Wed, 01 May 2024 12:00:00 +0000",x\n4,2024-05-01T12:00:00+02:00[Europe/Berlin],x\n',
        accepted=4,
        values={"at": [f"2024-05-01T{hour}:00:00+00:00" for hour in (12, 10, 12, 10)]},
    ),
    Case(
        "dates of sales",
        b"brand,date,value\nb,2024-02-29,1\nb,2024-03-01 00:00:00,2\nb,2023-02-29,3\nb,2024-03-01T10:00,4\n",
        accepted=2,
        rejected=((4, "date", "not a valid date"), (5, "date", "time, not a date")),
        values={"date": ["2024-02-29", "2024-03-01"], "segment": ["", ""]},
    ),
]

IDS = [
    bad_id("", "empty id", "is empty"),
    bad_id("   ", "spaces only", "is empty"),
    bad_id("x" * 513, "513 bytes", "513 bytes long, the limit is 512"),
    bad_id("x" * 65_536, "64 kB", "the limit is 512"),
    good_id("x" * 512, "512 bytes"),
    good_id("  a b ", "surrounding spaces", "a b"),
    good_id("\u00a0\u2009a\u00a0b\u3000", "no-break and thin spaces", "a\u00a0b"),
    people('"\tb\n"', "tab and line break around", accepted=2, values={"id": ["ann", "b"]}),
    good_id("e\u0301", "NFD", "é"),
    good_id("é", "NFC"),
    good_id("Ann", "case twin"),
    good_id("👩🏽\u2764\ufe0f🫨", "emoji"),
    good_id("__proto__", "prototype"),
    good_id("../../etc/passwd", "path"),
    good_id("=cmd|' /C calc'!A0", "spreadsheet formula"),
    good_id("`) DETACH DELETE n //", "backtick and Cypher"),
    good_id("') MATCH (n) DETACH DELETE n //", "Cypher"),
    good_id("\\u0060", "escaped backtick"),
    good_id("'; DROP TABLE people; --", "SQL"),
    good_id("<script>alert(1)</script>", "markup"),
    good_id("{{ 7 * 7 }}", "template"),
    good_id("None", "the word None"),
    good_id("NaN", "the word NaN"),
    good_id("007", "leading zeros"),
    Case(
        "Cypher in the header",
        b"source,target,`x`) DETACH DELETE (n) //,\x1b[31m\na,b,1,2\n",
        accepted=1,
        values={"source": ["a"]},
    ),
    people("b,\u202ex\nc", "direction override in a text", accepted=3, left_out=((3, "name", "U+202E"),)),
    Case("joiners in texts", "id,name\n1,علی\u200cرضا\n2,👩\u200d🚀\n".encode(), kind="people", accepted=2),
]

RECORDS = [
    Case("self loop", b"source,target\na,a\na,b\n", accepted=1, rejected=((2, "target", "are the same"),)),
    Case("self loop after trimming", "source,target\né,e\u0301 \n".encode(), rejected=((2, "target", "are the same"),)),
    Case("unknown tie", b"source,target,kind\na,b,hates\n", rejected=((2, "kind", "not one of follows"),)),
    Case(
        "friends in order",
        b"source,target,kind\nb,a,Friend\nb,a,follows\nb,a,\n",
        accepted=3,
        values={"source": ["a", "b", "b"], "kind": ["friend", "follows", "follows"]},
    ),
    Case("duplicate edges are the store's to merge", b"source,target\na,b\na,b\n", accepted=2),
    Case(
        "consumer and brand with one id",
        f"event_id,at,consumer,brand,kind\n1,{AT},x,x,never heard of\n".encode(),
        accepted=1,
        values={"direction": [None], "touchpoint": [None], "kind": ["never heard of"]},
    ),
    Case(
        "lists of brands",
        f"event_id,at,consumer,brand,with_brands\n1,{AT},a,b,z| y |z\n2,{AT},a,b,x|\u200b\n3,{AT},a,b,|\n".encode(),
        accepted=2,
        rejected=((3, "with_brands", "U+200B"),),
        values={"with_brands": ["y|z", None]},
    ),
    Case(
        "items of a brand",
        f"event_id,at,consumer,brand,item\n1,{AT},a,b, jeans 501 \n2,{AT},a,b,\n3,{AT},a,b,50\u200b1\n".encode()
        + f"4,{AT},a,b,{'x' * 513}\n5,{AT},a,b,00501|a\n".encode(),
        accepted=3,
        rejected=((4, "item", "U+200B"), (5, "item", "513 bytes long, the limit is 512")),
        values={"item": ["jeans 501", None, "00501|a"]},
    ),
    Case(
        "a comma in a list of brands",
        f'event_id,at,consumer,brand,with_brands\n1,{AT},a,b,"scarf,hat"\n'.encode()
        + f'2,{AT},a,b,"scarf,hat|"\n3,{AT},a,b,x;y\n'.encode(),
        accepted=1,
        rejected=((2, "with_brands", "one id or several"), (4, "with_brands", "one id or several")),
        values={"with_brands": ["scarf,hat|"]},
    ),
    Case(
        "JSON lists of brands",
        f"""{{"event_id": 1, "at": "{AT}", "consumer": "a", "brand": "b", "with_brands": ["scarf", "hat, red", 3]}}
{{"event_id": 2, "at": "{AT}", "consumer": "a", "brand": "b", "with_brands": "x|y"}}
{{"event_id": 3, "at": "{AT}", "consumer": "a", "brand": "b", "with_brands": ["x|y"]}}
{{"event_id": 4, "at": "{AT}", "consumer": "a", "brand": "b", "with_brands": [1.5]}}
{{"event_id": 5, "at": "{AT}", "consumer": "a", "brand": "b", "with_brands": ["\\ud800"]}}
""".encode(),
        suffix=".jsonl",
        accepted=2,
        rejected=((3, "with_brands", "contains |"), (4, "with_brands", "other things"), (5, "with_brands", "UTF-8")),
        values={"with_brands": ["3|hat, red|scarf", "x|y"]},
    ),
    Case(
        "a brand id that joins lists, and a person's",
        f"event_id,at,consumer,brand\n1,{AT},auth0|a,b\n2,{AT},a,b|c\n".encode(),
        accepted=1,
        rejected=((3, "brand", "contains |"),),
        values={"consumer": ["auth0|a"]},
    ),
    Case(
        "several bad values of a person",
        b"id,name,followers,kind,joined\nann,Ann,many,king,2024\nbob,\x01,1,consumer,\n,Eve,x,,\n",
        accepted=2,
        rejected=((4, "id", "is empty"),),
        left_out=(
            (2, "kind", "not one of"),
            (2, "followers", "not a number"),
            (2, "joined", "not an ISO 8601"),
            (3, "name", "U+0001"),
        ),
        values={"id": ["ann", "bob"], "name": ["Ann", None], "followers": [None, 1], "kind": [None, "consumer"]},
    ),
    Case(
        "several faults are one reject",
        b"source,target,weight\n\x01,b,-1\na,b,1\n",
        accepted=1,
        rejected=((2, "source", "U+0001"),),
    ),
]

PARQUET = [
    Case(
        "row of a Parquet file",
        parquet(source=["a", "b"], target=["b", "b"]),
        accepted=1,
        rejected=((2, "target", "same"),),
    ),
    Case("Parquet integers as ids", parquet(source=[1, 2], target=[3, 4]), accepted=2, values={"source": ["1", "2"]}),
    refused("Parquet floats as ids", parquet(source=[1.0], target=[2.0]), "type double", ".parquet"),
    refused("Parquet booleans as ids", parquet(source=[True], target=[False]), "type bool", ".parquet"),
    Case(
        "Parquet lists of brands",
        parquet(
            event_id=["1", "2"], at=[AT, AT], consumer=["a", "a"], brand=["b", "b"], with_brands=[["d", "c"], None]
        ),
        accepted=2,
        values={"with_brands": ["c|d", None]},
    ),
    refused("nested Parquet", parquet(source=[["a"]], target=["b"]), "type list", ".parquet"),
    Case(
        "NaN in Parquet",
        parquet(source=["a", "c"], target=["b", "d"], weight=[1.0, float("nan")]),
        accepted=1,
        rejected=((2, "weight", "not a number"),),
    ),
    Case(
        "null in Parquet",
        parquet(source=["a"], target=pa.array([None], pa.string())),
        rejected=((1, "target", "empty"),),
    ),
    Case("Parquet without rows", parquet(source=pa.array([], pa.string()), target=pa.array([], pa.string()))),
    Case(
        "Parquet times without a zone",
        parquet(id=["a"], joined=pa.array([0], pa.timestamp("ns"))),
        kind="people",
        accepted=1,
        left_out=((1, "joined", "no time zone"),),
    ),
    Case(
        "Parquet times out of range",
        parquet(id=["a", "b"], joined=pa.array([0, 2**60], pa.timestamp("us", "UTC"))),
        kind="people",
        accepted=2,
        left_out=((2, "joined", "is not an ISO 8601 time"),),
    ),
]

CASES = [*ENCODING, *SHAPE, *JSON_LINES, *NUMBERS, *TIMES, *IDS, *RECORDS, *PARQUET]
