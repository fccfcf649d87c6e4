"""Public data sets with published answers, read as the lift of panels takes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

LALONDE = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


def geolift(folder: Path) -> pd.DataFrame:
    """Return 40 cities × 105 days; chicago and portland are treated from 2021-04-01 on."""
    return pd.read_csv(folder / "geolift/GeoLift_Test.csv").rename(columns={"location": "unit", "Y": "value"})


def prop99(folder: Path) -> pd.DataFrame:
    """Return 39 states × 1970 to 2000; California is treated from 1989 on."""
    names = {"State": "unit", "Year": "date", "PacksPerCapita": "value"}
    return pd.read_csv(folder / "causal/prop99_synthdid.csv", sep=";").rename(columns=names)


def basque(folder: Path) -> pd.DataFrame:
    """Return 17 regions × 1955 to 1997; the Basque Country is treated from 1970 on."""
    names = {"regionname": "unit", "year": "date", "gdpcap": "value"}
    frame = pd.read_csv(folder / "causal/basque.csv").rename(columns=names)
    return frame.loc[~frame["unit"].str.startswith("Spain"), ["unit", "date", "value"]]


def mpdta(folder: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return 500 counties × 2003 to 2007, and the first year of those that raised the minimum wage."""
    frame = pd.read_csv(folder / "causal/mpdta.csv").astype({"countyreal": int, "first.treat": int})
    frame = frame.rename(columns={"countyreal": "unit", "year": "date", "lemp": "value", "first.treat": "first"})
    treated = frame[frame["first"] > 0].drop_duplicates("unit")
    return frame[["unit", "date", "value"]], dict(zip(treated["unit"].astype(str), treated["first"], strict=True))


def card_krueger(folder: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the restaurants with both rows, dates 0 and 1, and those of New Jersey with the date 1."""
    frame = pd.read_csv(folder / "causal/card_krueger_njmin3.csv", sep=";", dtype=str)
    value = pd.to_numeric(frame["fte"].str.replace(",", "."), errors="coerce")
    unit = frame.groupby("d").cumcount()
    panel = pd.DataFrame({"unit": unit, "date": frame["d"].astype(int), "value": value, "nj": frame["nj"] == "1"})
    panel = panel[panel.groupby("unit")["value"].transform("count") == 2]
    starts = {str(each): 1 for each in panel.loc[panel["nj"], "unit"].unique()}
    return panel[["unit", "date", "value"]], starts


def lalonde(folder: Path) -> pd.DataFrame:
    """Return the 445 people of the experiment, with what they earned in 1978."""
    return pd.read_csv(folder / "causal/nsw_mixtape.csv").rename(columns={"treat": "treated", "re78": "value"})


def hillstrom(folder: Path) -> pd.DataFrame:
    """Return the customers with the women's e-mail or none, and whether they came."""
    frame = pd.read_csv(folder / "hillstrom/hillstrom.csv.gz")
    frame = frame[frame["segment"].isin(["Womens E-Mail", "No E-Mail"])]
    return pd.DataFrame({"treated": frame["segment"] == "Womens E-Mail", "value": frame["visit"]})


MPDTA = (-0.0105, -0.0704, -0.1373, -0.1008, 0.0065, -0.0028, -0.0046, -0.0412, 0.0305, -0.0027, -0.0311, -0.0261)
"""Effects by group (2004, 2006, 2007) and year, as the R package did prints them."""
BCG = np.array(
    [
        [4, 119, 11, 128, 44],
        [6, 300, 29, 274, 55],
        [3, 228, 11, 209, 42],
        [62, 13536, 248, 12619, 52],
        [33, 5036, 47, 5761, 13],
        [180, 1361, 372, 1079, 44],
        [8, 2537, 10, 619, 19],
        [505, 87886, 499, 87892, 13],
        [29, 7470, 45, 7232, 27],
        [17, 1699, 65, 1600, 42],
        [186, 50448, 141, 27197, 18],
        [5, 2493, 3, 2338, 33],
        [27, 16886, 29, 17825, 33],
    ]
)
"""Trials of a vaccine: ill and well with it, ill and well without it, degrees of latitude.

Source: Colditz 1994, https://doi.org/10.1001/jama.1994.03510330076038."""


def bcg() -> pd.DataFrame:
    """Return the log risk ratios of the trials, with their errors, and latitudes as points."""
    ill, well, ill_without, well_without, latitude = BCG.T
    treated, control = ill + well, ill_without + well_without
    ratio = np.log(ill / treated / (ill_without / control))
    error = np.sqrt(1 / ill - 1 / treated + 1 / ill_without - 1 / control)
    return pd.DataFrame({"campaign": range(13), "points": latitude, "lift": ratio, "std_error": error})
