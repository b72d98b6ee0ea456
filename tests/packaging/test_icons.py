"""icons.json has the shape that hassfest wants; every entity and action has an icon, and every icon its entity."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pytest
import voluptuous as vol

from .entities import Entity, Words, entities, entity_texts, well_known
from .fields import ENTITY_CLASSES, sections
from .files import COMPONENTS, Document, described, icons, read_json
from .schemas import by_key, icon

SELF_EXPLANATORY: Final = {"calendar", "climate"}
"""Platforms whose own icon says all there is to say: their entities are all of one kind."""


def states_differ(shown: Document) -> Document:
    """Check that no state repeats the icon that stands for all others."""
    if same := [state for state, shows in shown.get("state", {}).items() if shows == shown.get("default")]:
        message = f"the default is already the icon of {same}"
        raise vol.Invalid(message)
    return shown


def ascending(steps: Document) -> Document:
    """Check that a range rises."""
    if sorted(steps, key=float) != list(steps):
        message = f"{list(steps)} do not rise"
        raise vol.Invalid(message)
    return steps


STATES: Final[Mapping[str | vol.Marker, Any]] = {
    vol.Optional("default"): icon,
    vol.Exclusive("state", "by"): by_key(icon),
    vol.Exclusive("range", "by"): vol.All({vol.Match(r"^-?\d+(\.\d+)?$"): icon}, ascending),
}
ENTITY: Final = vol.All(
    {**STATES, vol.Optional("state_attributes"): by_key(vol.All(STATES, states_differ))}, states_differ
)
FLOW: Final = {"step": by_key({"sections": by_key(icon)})}
SCHEMA: Final = vol.Schema(
    {
        vol.Optional("conditions"): by_key({vol.Required("condition"): icon}),
        vol.Optional("config"): FLOW,
        vol.Optional("entity"): by_key(by_key(ENTITY)),
        vol.Optional("issues"): by_key({"fix_flow": FLOW}),
        vol.Optional("options"): FLOW,
        vol.Optional("services"): by_key({vol.Required("service"): icon, vol.Optional("sections"): by_key(icon)}),
        vol.Optional("triggers"): by_key({vol.Required("trigger"): icon}),
    }
)


def shown() -> Mapping[tuple[str, str], Document]:
    """Return the icons of entities by platform and key."""
    return {(platform, key): each for platform, keys in icons()["entity"].items() for key, each in keys.items()}


@cache
def device_classes(platform: str) -> set[str]:
    """Return the device classes whose icon says more than that of the whole platform."""
    classes = read_json(COMPONENTS / platform / "icons.json").get("entity_component", {})
    return {name for name, each in classes.items() if each["default"] != classes["_"]["default"]}


def speaks_for_itself(entity: Entity) -> bool:
    """Return whether Home Assistant's own icon says what an entity is."""
    return entity.platform in SELF_EXPLANATORY or entity.device_class in device_classes(entity.platform)


def test_the_icons_stand_where_home_assistant_looks_for_them() -> None:
    SCHEMA(dict(icons()))


@pytest.mark.parametrize("entity", entities().values(), ids=lambda entity: ".".join(entity.id))
def test_an_entity_has_an_icon(entity: Entity) -> None:
    assert entity.id in shown() or speaks_for_itself(entity)


def test_an_icon_is_that_of_an_entity_and_its_states() -> None:
    assert shown().keys() <= entities().keys()
    for id_, each in shown().items():
        words = Words.said(entity_texts().get(id_, {})) | well_known(id_[0])
        assert each.get("state", {}).keys() <= words.states, id_
        for name, attribute in each.get("state_attributes", {}).items():
            assert attribute.get("state", {}).keys() <= words.attributes.get(name, set()), id_


@pytest.mark.parametrize("kind", ENTITY_CLASSES)
def test_what_is_offered_to_automations_has_an_icon(kind: str) -> None:
    assert icons().get(kind, {}).keys() == described(kind).keys()
    for name, each in icons().get(kind, {}).items():
        assert each.get("sections", {}).keys() <= sections(described(kind)[name])


@pytest.mark.parametrize(
    "wrong",
    [
        {"entities": {}},
        {"entity": {"sensor": {"level": "mdi:battery"}}},
        {"entity": {"sensor": {"level": {"default": "mdi:perpetual-motion"}}}},
        {"entity": {"sensor": {"level": {"icon": "mdi:battery"}}}},
        {"entity": {"sensor": {"level": {"default": "mdi:battery", "state": {"full": "mdi:battery"}}}}},
        {"entity": {"sensor": {"level": {"state": {"Full": "mdi:battery"}}}}},
        {"entity": {"sensor": {"level": {"range": {"10": "mdi:battery", "0": "mdi:battery-alert"}}}}},
        {"entity": {"sensor": {"level": {"range": {"0": "mdi:battery"}, "state": {"full": "mdi:battery"}}}}},
        {"services": {"charge": "mdi:battery"}},
        {"services": {"charge": {"sections": {}}}},
        {"triggers": {"overridden": {"service": "mdi:hand-back-right"}}},
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA({**icons(), **wrong})


@pytest.mark.parametrize(
    ("entity", "speaks"),
    [
        (Entity(platform="sensor", key="level", device_class="battery"), True),
        (Entity(platform="sensor", key="status", device_class="enum"), False),
        (Entity(platform="sensor", key="limit"), False),
        (Entity(platform="climate", key="thermostat"), True),
        (Entity(platform="button", key="refresh"), False),
    ],
    ids=str,
)
def test_an_icon_that_all_have_is_not_enough(entity: Entity, *, speaks: bool) -> None:
    assert speaks_for_itself(entity) is speaks
