"""The fields of actions, triggers and conditions, as services.yaml and its like describe them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv, selector
import voluptuous as vol

from .files import Document
from .schemas import key

ENTITY_CLASSES: Final = {"services": "service", "triggers": "trigger", "conditions": "condition"}
"""What can be described in a YAML file of that name, and under which name its icon stands."""

something: Final = vol.All(vol.NotIn([None]), object)
"""An example that is left empty is not left out."""

FIELD: Final[Mapping[str | vol.Marker, Any]] = {
    vol.Optional("context"): {str: str},
    vol.Optional("default"): something,
    vol.Optional("example"): something,
    vol.Optional("required"): bool,
    vol.Required("selector"): selector.validate_selector,
}
SECTION: Final[Mapping[str | vol.Marker, Any]] = {
    vol.Optional("collapsed"): bool,
    vol.Required("fields"): {key: FIELD},
}


def stand_once(described: Document) -> Document:
    """Check that no field stands in two sections: the section is for the eye, the call knows only fields."""
    names = [name for field in described.values() for name in field.get("fields", ())]
    names += [name for name, field in described.items() if "fields" not in field]
    if twice := {name for name in names if names.count(name) > 1}:
        message = f"stand twice: {sorted(twice)}"
        raise vol.Invalid(message)
    return described


SCHEMA: Final = vol.Schema(
    {
        cv.slug: vol.Any(
            None,
            {
                vol.Optional("target"): vol.Any(None, selector.TargetSelector.CONFIG_SCHEMA),
                vol.Optional("fields"): vol.All({key: vol.Any(FIELD, SECTION)}, stand_once),
            },
        )
    }
)
"""What may stand in such a file. The texts are where they can be translated."""


def fields(described: Document | None) -> Mapping[str, Document]:
    """Return the fields of one action, trigger or condition, those in sections among them."""
    found: dict[str, Document] = {}
    for name, field in ((described or {}).get("fields") or {}).items():
        found |= field.get("fields", {name: field})
    return found


def sections(described: Document | None) -> set[str]:
    """Return the names of its sections."""
    return {name for name, field in ((described or {}).get("fields") or {}).items() if "fields" in field}


def selects(described: Document) -> Iterator[tuple[str, set[str]]]:
    """Return the translated choices in a file: the key of their texts, and the choices."""
    for one in described.values():
        for field in fields(one).values():
            select = (field.get("selector") or {}).get("select") or {}
            if "translation_key" in select:
                yield select["translation_key"], set(select["options"])
