"""The six kinds of record are consistent, and found by name."""

import pyarrow as pa
import pytest

from influence_graph.errors import NotFound
from influence_graph.model.records import INTERACTIONS, KINDS, PEOPLE, FieldType, RecordKind, record_kind


@pytest.fixture(params=KINDS)
def kind(request) -> RecordKind:
    return KINDS[request.param]


def test_a_kind_is_found_by_its_name_or_as_itself(kind):
    assert record_kind(kind.name) is kind
    assert record_kind(kind) is kind


@pytest.mark.parametrize(("name", "nearest"), [("peeple", "'people'"), ("tie", "'ties'"), ("", "people")])
def test_an_unknown_kind_is_not_found_with_the_nearest_names(name, nearest):
    with pytest.raises(NotFound, match="no kind of record") as caught:
        record_kind(name)
    assert nearest in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_are_distinct_and_keys_and_endpoints_are_fields(kind):
    assert len(set(kind.names)) == len(kind.names)
    assert set(kind.key) <= set(kind.names)
    assert set(kind.required) <= set(kind.names)
    assert set(kind.endpoints) <= set(kind.names)
    assert set(kind.endpoints.values()) <= set(KINDS)
    assert set(kind.by_name) == set(kind.names)


def test_an_immutable_record_is_known_by_its_event_id(kind):
    assert kind.immutable == (kind.key == ("event_id",))


def test_limits_and_choices_fit_the_type_of_a_field(kind):
    for field in kind.fields:
        assert bool(field.choices) == (field.type is FieldType.CHOICE)
        if field.minimum is not None or field.maximum is not None:
            assert field.type in (FieldType.NUMBER, FieldType.INTEGER)
        if field.minimum is not None and field.maximum is not None:
            assert field.minimum < field.maximum
        assert list(field.choices) == sorted(set(field.choices), key=field.choices.index)


def test_the_schema_has_each_field_once_and_times_in_utc(kind):
    assert kind.schema.names == kind.names
    for field in kind.fields:
        type_ = kind.schema.field(field.name).type
        if field.type is FieldType.TIME:
            assert type_ == pa.timestamp("us", tz="UTC")
        elif field.type in (FieldType.ID, FieldType.IDS, FieldType.TEXT, FieldType.CHOICE):
            assert type_ == pa.string()


def test_an_interaction_needs_its_id_time_and_both_sides_only():
    assert INTERACTIONS.required == ["event_id", "at", "consumer", "brand"]
    assert PEOPLE.required == ["id"]
