"""The four exports read by pandas alone, without anything of this package."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def orders() -> pd.DataFrame:
    """Return what was bought: ``consumer``, ``at`` in UTC, ``value``."""
    table = pd.read_csv(HERE / "orders.csv", sep=";", encoding="latin-1", dtype=str)
    days = pd.to_datetime(table["Bestelldatum"], format="%d/%m/%Y", errors="coerce")
    plain = table["Gesamtbetrag"].str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    found = pd.DataFrame(
        {"consumer": table["E-Mail"], "at": _utc(days), "value": pd.to_numeric(plain, errors="coerce")}
    )
    return found.dropna()


def tickets() -> pd.DataFrame:
    """Return the tickets: ``event_id``, ``consumer``, ``at`` in UTC."""
    table = pd.read_csv(HERE / "tickets.csv", encoding="utf-8-sig", dtype=str)
    times = pd.to_datetime(table["created"], format="%Y-%m-%d %H:%M", errors="coerce")
    ids = "ticket-" + table["Ticket #"]
    return pd.DataFrame({"event_id": ids, "consumer": table["requester email"], "at": _utc(times)}).dropna()


def survey() -> pd.DataFrame:
    """Return the answers with a score: ``consumer``, ``at`` in UTC, ``valence`` from -1 to 1."""
    table = pd.read_csv(HERE / "survey.csv", dtype=str)
    times = pd.to_datetime(table["Submitted at"], format="%m/%d/%Y %I:%M:%S %p", errors="coerce")
    scores = pd.to_numeric(table.iloc[:, 2], errors="coerce")
    scores = scores.where(scores.between(0, 10))
    return pd.DataFrame({"consumer": table["Email"], "at": _utc(times), "valence": scores / 5 - 1}).dropna()


def followers() -> pd.DataFrame:
    """Return the people: ``id``, ``name``, ``followers`` (missing where it is no number), ``city``."""
    table = pd.read_csv(HERE / "followers.csv", dtype=str, keep_default_na=False)
    plain = table["Followers"].str.replace(",", "", regex=False)
    times = plain.str[-1].map({"K": 1_000, "M": 1_000_000}).fillna(1)
    counts = pd.to_numeric(plain.str.rstrip("KM"), errors="coerce") * times
    people = pd.DataFrame(
        {"id": table["Username"], "name": table["Full name"], "followers": counts.round(), "city": table["City"]}
    )
    return people[people["id"] != ""]


def _utc(local: pd.Series) -> pd.Series:
    return local.dt.tz_localize("Europe/Berlin").dt.tz_convert("UTC")
