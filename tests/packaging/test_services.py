"""services.yaml describes the actions that are registered, as they are registered."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml, parse_yaml
import pytest
import voluptuous as vol

from custom_components.amps.const import DOMAIN

from .fields import fields
from .files import INTEGRATION, Document, described

TARGET: Final = {str(marker) for marker in cv.TARGET_SERVICE_FIELDS}


def test_home_assistant_reads_the_descriptions_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    load_yaml(INTEGRATION / "services.yaml")
    assert caplog.messages == []


@pytest.fixture
async def registered(hass: HomeAssistant, enable_custom_integrations: None) -> Mapping[str, Document]:
    """Return what the registered actions take, by their names: markers and checks by the names of the fields."""
    assert await async_setup_component(hass, DOMAIN, {})
    services = hass.services.async_services_for_domain(DOMAIN)
    return {name: dict(accepted(service.schema)) for name, service in services.items()}


def accepted(schema: object) -> Iterator[tuple[str, tuple[object, Any]]]:
    """Return the fields that a schema takes, each with its marker and its check."""
    match schema:
        case vol.Schema(schema=inner):
            yield from accepted(inner)
        case vol.All(validators=parts):
            for part in parts:
                yield from accepted(part)
        case Mapping():
            yield from (
                (str(name), (name, check)) for name, check in schema.items() if not isinstance(name, vol.Remove)
            )


def differences(one: Document | None, takes: Document) -> Iterator[str]:
    """Return in what the description of an action is not what the action takes."""
    shown = fields(one)
    # One key of a target alone is a field like any other: a device of a home, say.
    target = TARGET if takes.keys() >= TARGET else set[str]()
    if ("target" in (one or {})) != bool(target):
        yield "target"
    yield from shown.keys() ^ (takes.keys() - target)
    for name in shown.keys() & takes.keys():
        marker, check = takes[name]
        if shown[name].get("required", False) != is_due(marker):
            yield f"{name}: required"
        for value in offered(shown[name]):
            try:
                vol.Schema(check)(value)
            except vol.Invalid as err:
                yield f"{name}: {value!r} is offered, but {err}"
        if "default" in shown[name] and shown[name]["default"] != default(marker):
            yield f"{name}: default"


def is_due(marker: object) -> bool:
    """Return whether there is no call without a field."""
    return isinstance(marker, vol.Required) and not callable(marker.default)


def default(marker: object) -> object:
    """Return what a field is when it is left out."""
    made = getattr(marker, "default", None)
    return made() if callable(made) else None


def offered(field: Document) -> Iterator[object]:
    """Return what a field's description lets people choose."""
    ((kind, config),) = field["selector"].items()
    for example in (field[name] for name in ("default", "example") if name in field):
        yield parse_yaml(str(example)) if kind == "object" and isinstance(example, str) else example
    if kind == "select":
        yield from (option["value"] if isinstance(option, Mapping) else option for option in config["options"])
    if kind == "number":
        yield from (config[bound] for bound in ("min", "max") if bound in config)


async def test_the_actions_described_are_those_registered(registered: Mapping[str, Document]) -> None:
    assert described("services").keys() == registered.keys()


async def test_what_is_described_is_what_is_taken(registered: Mapping[str, Document]) -> None:
    found = {
        name: problems
        for name, one in described("services").items()
        if (problems := sorted(differences(one, registered.get(name, {}))))
    }
    assert not found


SCHEMA: Final = cv.make_entity_service_schema(
    {
        vol.Required("mode"): vol.In(["idle", "auto"]),
        vol.Optional("power", default=3): vol.All(vol.Coerce(float), vol.Range(max=100)),
        vol.Optional("parameters"): {str: vol.Coerce(float)},
    }
)
MODE: Final = {"required": True, "example": "auto", "selector": {"select": {"options": ["idle", "auto"]}}}
POWER: Final = {"default": 3, "selector": {"number": {"min": 0, "max": 100}}}
PARAMETERS: Final = {"example": "{target: 90}", "selector": {"object": None}}
GOOD: Final = {"mode": MODE, "more": {"fields": {"power": POWER, "parameters": PARAMETERS}}}


def test_a_description_that_fits_is_let_through() -> None:
    assert not list(differences({"target": {}, "fields": GOOD}, dict(accepted(SCHEMA))))


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (None, "target"),
        ({"fields": GOOD}, "target"),
        ({"target": {}, "fields": {"mode": MODE}}, "power"),
        ({"target": {}, "fields": {**GOOD, "until": POWER}}, "until"),
        ({"target": {}, "fields": {**GOOD, "mode": {**MODE, "required": False}}}, "mode: required"),
        ({"target": {}, "fields": {**GOOD, "mode": {**MODE, "example": "off"}}}, "mode: 'off'"),
        (
            {"target": {}, "fields": {**GOOD, "mode": {**MODE, "selector": {"select": {"options": ["off"]}}}}},
            "mode: 'off'",
        ),
        ({"target": {}, "fields": {**GOOD, "more": {"fields": {"power": {**POWER, "default": 4}}}}}, "power: default"),
        (
            {"target": {}, "fields": {**GOOD, "power": {**POWER, "selector": {"number": {"max": 101}}}}},
            "power: 101",
        ),
        (
            {"target": {}, "fields": {**GOOD, "parameters": {**PARAMETERS, "example": "{target: full}"}}},
            "parameters: {'target': 'full'}",
        ),
    ],
    ids=str,
)
def test_a_description_that_does_not_fit_is_found(one: Document | None, problem: str) -> None:
    assert any(found.startswith(problem) for found in differences(one, dict(accepted(SCHEMA))))
