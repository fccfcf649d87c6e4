"""Whether values fit a field, and when only the user can say how they are meant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.guessing.fits import fit_of, needs_zone, type_of
from influence_graph.ingest.values.notation import PLAIN, Notation
from influence_graph.model.records import Field, FieldType

AT = Field("at", FieldType.TIME)
VALUE = Field("value", FieldType.NUMBER)
FOLLOWERS = Field("followers", FieldType.INTEGER, minimum=0)
ID = Field("consumer", FieldType.ID)


def _notations(texts: list[str], field: Field) -> list[Notation]:
    fit = fit_of(texts, field)
    return list(fit.notations) if fit else []


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["14/07/2025", "01/02/2025"], ["%d/%m/%Y"]),
        (["07/14/2025", "01/02/2025"], ["%m/%d/%Y"]),
        (["03/04/2025", "01/02/2025"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["05/05/2025", "07/07/2025"], ["%d/%m/%Y"]),  # both orders mean the same
        (["14.07.2025 16:30", "15.07.2025 08:00"], ["%d.%m.%Y %H:%M"]),
        (["14-Jul-2025", "15-Aug-2025"], ["%d-%b-%Y"]),
        (["20250714", "20250715"], ["%Y%m%d"]),
        (["2025-07-14", "2025-07-15"], [""]),
        (["14/07/2025", "15/07/2025", "16/07/2025", "17/07/2025", "soon"], ["%d/%m/%Y"]),  # a bad row
        (["next week", "soon"], []),
    ],
)
def test_formats_of_dates(texts: list[str], formats: list[str]) -> None:
    assert [each.format for each in _notations(texts, AT)] == formats


def test_a_file_of_two_date_orders_is_mixed() -> None:
    fit = fit_of(["14/07/2025", "15/07/2025", "01/02/2025", "02/03/2025"] * 3 + ["07/14/2025"] * 2, AT)
    assert fit is not None
    assert fit.clear
    assert fit.share == pytest.approx(12 / 14)
    fit = fit_of([*[f"{day:02}/02/2025" for day in range(1, 13)] * 2, "14/07/2025", "07/14/2025"], AT)
    assert fit is not None
    assert fit.mixed
    assert [each.format for each in fit.notations] == ["%d/%m/%Y", "%m/%d/%Y"]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_epochs(unit: str) -> None:
    scale = {"s": 1, "ms": 10**3, "us": 10**6}[unit]
    assert _notations([str(1752487200 * scale), str(1752573600 * scale)], AT) == [Notation(unit=unit)]


@pytest.mark.parametrize(
    ("texts", "decimals"),
    [
        (["12", "13"], [""]),
        (["12.50", "3"], [""]),
        (["1.234,50", "3,00"], [","]),
        (["12,5", "3"], [","]),
        (["1,234.50", "3"], ["."]),
        (["8,089", "1,250"], [".", ","]),
        (["8.089", "1.250"], ["", ","]),
        (["8,089", "12,50"], [","]),
        (["€ 8,089.00"], ["."]),
        (["many", "few"], []),
    ],
)
def test_decimal_marks(texts: list[str], decimals: list[str]) -> None:
    assert [each.decimal for each in _notations(texts, VALUE)] == decimals


def test_a_count_is_whole_and_says_so() -> None:
    assert _notations(["8,089", "12.5K", "398"], FOLLOWERS) == [Notation(decimal=".")]
    assert len(_notations(["8,000", "9,000"], FOLLOWERS)) == 2


def test_ids_are_no_dates_and_no_comments() -> None:
    assert _notations(["ann@example.org", "4711", "ann ode"], ID) == [PLAIN]
    assert _notations(["14/07/2025", "15/07/2025"], ID) == []
    assert _notations(["came in two days and fits very well", "so so\nbut fine for the price that it has"], ID) == []
    assert _notations(["20250714", "20250715"], ID) == [PLAIN]


def test_zones() -> None:
    assert needs_zone(["2025-07-14 10:00", ""], AT, PLAIN)
    assert not needs_zone(["2025-07-14T10:00:00Z"], AT, PLAIN)
    assert not needs_zone(["2025-07-14 10:00"], AT, Notation(timezone="UTC"))
    assert not needs_zone(["1752487200"], AT, Notation(unit="s"))


def test_types() -> None:
    columns = [["open", "closed"] * 10, ["ann@example.org"], ["8,089"], ["1752487200"], ["tz-1", "tz-2"], [" "]]
    assert [type_of(texts) for texts in columns] == ["choice", "email", "number", "time", "id", "empty"]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)), min_size=3, max_size=20),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%b %d, %Y"]),
)
def test_the_written_format_is_never_silently_another(times: list[datetime], format_: str) -> None:
    """If one notation is taken, it means what was written."""
    fit = fit_of([time.strftime(format_) for time in times], AT)
    assert fit is not None
    if fit.clear:
        found = fit.notations[0].format
        assert [datetime.strptime(t.strftime(format_), found) for t in times] == [
            datetime.strptime(t.strftime(format_), format_) for t in times
        ]
    else:
        assert format_ in [each.format for each in fit.notations]


@settings(deadline=None)
@given(st.lists(st.decimals(0, 10**7, places=2), min_size=3, max_size=20), st.sampled_from([".", ","]))
def test_the_written_mark_is_never_silently_another(numbers: list, mark: str) -> None:
    def written(number: object) -> str:
        text = f"{number:,.2f}"
        return text if mark == "." else text.translate(str.maketrans(".,", ",."))

    fit = fit_of([written(number) for number in numbers], VALUE)
    assert fit is not None
    assert mark in [each.decimal or "." for each in fit.notations]


def test_a_fit_states_its_share() -> None:
    fit = fit_of(["1", "2", "3", "4", "n/a"], VALUE)
    assert fit is not None
    assert fit.share == pytest.approx(0.8)
    assert fit_of(["1", "n/a"], VALUE) is None


def test_epoch_of_now() -> None:
    now = datetime.now(UTC)
    texts = [str(int((now - timedelta(days=day)).timestamp() * 1000)) for day in range(5)]
    assert _notations(texts, AT) == [Notation(unit="ms")]
