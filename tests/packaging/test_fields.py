"""Actions, triggers and conditions are described as Home Assistant shows them, and every description has its texts."""

from typing import Any

import pytest
import voluptuous as vol

from .fields import ENTITY_CLASSES, SCHEMA, fields, sections
from .files import described, texts

NUMBER = {"selector": {"number": {"min": 0, "max": 100}}}


@pytest.mark.parametrize("kind", ENTITY_CLASSES)
def test_the_description_is_one_that_home_assistant_can_show(kind: str) -> None:
    SCHEMA(dict(described(kind)))


@pytest.mark.parametrize("kind", ENTITY_CLASSES)
def test_every_description_has_its_texts(kind: str) -> None:
    said = texts().get(kind, {})
    assert said.keys() == described(kind).keys()
    for name, one in described(kind).items():
        assert said[name].get("fields", {}).keys() == fields(one).keys(), name
        assert said[name].get("sections", {}).keys() == sections(one), name


def test_fields_are_found_in_sections_too() -> None:
    charge = {"fields": {"power": NUMBER, "when": {"collapsed": True, "fields": {"duration": NUMBER}}}}
    assert SCHEMA({"charge": charge, "idle": None})
    assert fields(charge).keys() == {"power", "duration"}
    assert sections(charge) == {"when"}
    assert not fields(None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Charge": None},
        {"charge": {"name": "Charge"}},
        {"charge": {"target": {"entities": {}}}},
        {"charge": {"fields": {"power": {}}}},
        {"charge": {"fields": {"power": {"selector": {"numbers": {}}}}}},
        {"charge": {"fields": {"power": {"selector": {"number": {"min": "low"}}}}}},
        {"charge": {"fields": {"power": {**NUMBER, "example": None}}}},
        {"charge": {"fields": {"power": {**NUMBER, "required": "yes"}}}},
        {"charge": {"fields": {"power": {**NUMBER, "description": "The power."}}}},
        {"charge": {"fields": {"power": NUMBER, "more": {"fields": {"power": NUMBER}}}}},
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA(wrong)
