"""The entities that the integration can have, as the code describes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

from homeassistant.const import Platform
from homeassistant.helpers.entity import EntityDescription

from .files import COMPONENTS, Document, read_json, texts
from .source import Module, modules

_ATTRIBUTES: Final = {"event_types": "event_type", "preset_modes": "preset_mode"}
"""The state attributes whose values have texts, by what lists the values."""

_STAND_IN: Final = type(EntityDescription(key="any"))
"""What Home Assistant makes of its own descriptions, as long as nobody derives a class from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The states of an entity that are words, and likewise those of its state attributes."""

    states: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def listed(cls, look_up: Callable[[str], Iterable[str] | None]) -> Words:
        """Return the words that an entity lists under the names that Home Assistant has for such lists."""
        return cls(
            states=frozenset(look_up("options") or ()),
            attributes={
                attribute: frozenset(values) for name, attribute in _ATTRIBUTES.items() if (values := look_up(name))
            },
        )

    @classmethod
    def said(cls, text: Document) -> Words:
        """Return the words that have texts."""
        attributes = text.get("state_attributes", {})
        return cls(
            states=frozenset(text.get("state", ())),
            attributes={name: frozenset(values) for name, each in attributes.items() if (values := each.get("state"))},
        )

    def __or__(self, other: Words) -> Words:
        """Return the words of either."""
        return Words(
            states=self.states | other.states,
            attributes={
                name: self.attributes.get(name, frozenset()) | other.attributes.get(name, frozenset())
                for name in self.attributes.keys() | other.attributes.keys()
            },
        )

    def __sub__(self, other: Words) -> Words:
        """Return the words that the other has not."""
        return Words(
            states=self.states - other.states,
            attributes={
                name: left
                for name, values in self.attributes.items()
                if (left := values - other.attributes.get(name, frozenset()))
            },
        )


@cache
def well_known(platform: str) -> Words:
    """Return the words that Home Assistant has texts for on a platform; ours may say them differently."""
    texts_of_platform = read_json(COMPONENTS / platform / "strings.json").get("entity_component", {})
    return Words.said(texts_of_platform.get("_", {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What several devices show under one key."""

    platform: str
    key: str
    named: bool = True
    """Whether it has a name; a device's main entity has only the device's."""
    device_class: str | None = None
    words: Words = field(default_factory=Words)

    @property
    def id(self) -> tuple[str, str]:
        """What texts and icons know it by."""
        return self.platform, self.key


def entity_texts() -> Mapping[tuple[str, str], Document]:
    """Return the texts of entities by platform and key."""
    return {(platform, key): text for platform, keys in texts()["entity"].items() for key, text in keys.items()}


@cache
def platform_modules() -> Mapping[str, Module]:
    """Return the modules that are platforms."""
    return {module.stem: module for module in modules() if module.stem in set(Platform)}


@cache
def entities() -> Mapping[tuple[str, str], Entity]:
    """Return all entities by platform and key; types of devices that share a key share its texts and icons."""
    found: dict[tuple[str, str], Entity] = {}
    for platform, module in platform_modules().items():
        for entity in of_descriptions(platform, vars(module.loaded).values()):
            found[entity.id] = _merged(found[entity.id], entity) if entity.id in found else entity
    return found


def _merged(one: Entity, other: Entity) -> Entity:
    return Entity(
        platform=one.platform,
        key=one.key,
        named=one.named or other.named,
        device_class=one.device_class or other.device_class,
        words=one.words | other.words,
    )


def of_descriptions(platform: str, values: Iterable[object]) -> Iterator[Entity]:
    """Return the entities of the descriptions in a module, however it arranges them."""
    for description in _descriptions(values):
        yield Entity(
            platform=platform,
            key=description.translation_key or description.key,
            named=description.name is not None,
            device_class=description.device_class,
            words=Words.listed(partial(_listed_by, description)),
        )


def _listed_by(description: EntityDescription, name: str) -> Iterable[str] | None:
    return getattr(description, name, None)


def _descriptions(values: Iterable[object]) -> Iterator[EntityDescription]:
    for value in values:
        match value:
            case EntityDescription() | _STAND_IN():
                yield value
            case Mapping():
                yield from _descriptions(value.values())
            case tuple() | list():
                yield from _descriptions(value)
