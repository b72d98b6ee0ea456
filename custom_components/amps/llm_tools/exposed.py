"""The devices that are exposed to an assistant, and which of them is meant (design §7)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
)
from homeassistant.helpers.intent import find_areas, find_floors

from ..account.gate import is_monitor_only
from ..api import display_text
from ..api.models import AnyDevice
from ..const import DOMAIN
from ..control.targets import Target, all_targets, find_device
from .states import doing_text

ATTR_AREA: Final = "area"
ATTR_DEVICE_TYPE: Final = "device_type"
ATTR_NAME: Final = "name"

_CONTROLS: Final = frozenset(
    {
        (Platform.BUTTON, "charge"),
        (Platform.BUTTON, "discharge"),
        (Platform.CLIMATE, "thermostat"),
        (Platform.SELECT, "mode"),
        (Platform.SWITCH, "charging_enabled"),
    }
)
"""The controls of which one has to be exposed so that the device may be commanded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedDevice:
    """A device of which an entity is exposed to the assistant that asks."""

    registry_id: str
    """Home Assistant's id."""
    name: str
    target: Target | ServiceValidationError
    """The device, or why there is none now, such as that its account is not loaded."""
    area: ar.AreaEntry | None
    names: frozenset[str]
    """All that it is called, its exposed entities included, to be compared."""
    controllable: bool
    """Whether one of its controls is exposed, and its account is not only monitored."""

    @property
    def device(self) -> AnyDevice | None:
        """The device as far as it is known."""
        return self.target.device if isinstance(self.target, Target) else None

    @property
    def label(self) -> str:
        """The device with what always tells it from others: "Powerwall (Battery, Garage)"."""
        return self._labelled()

    @property
    def text(self) -> str:
        """The same with what it does now: "Powerwall (Battery, Garage, charging)"."""
        device = self.device
        return self._labelled(None if device is None else doing_text(device))

    def _labelled(self, doing: str | None = None) -> str:
        device, area = self.device, self.area
        about = (None if device is None else device.label, None if area is None else area.name, doing)
        known = ", ".join(each for each in about if each)
        return f"{self.name} ({known})" if known else self.name

    def takes(self, command: str) -> bool:
        """Return whether the device declares a command."""
        return self.device is not None and command in self.device.commands


@callback
def exposed_devices(hass: HomeAssistant, assistant: str | None) -> list[ExposedDevice]:
    """Return the devices that are exposed to an assistant, by name."""
    if not assistant:
        return []
    return sorted(_exposed(hass, assistant), key=lambda each: (each.name, each.registry_id))


def _exposed(hass: HomeAssistant, assistant: str) -> Iterator[ExposedDevice]:
    areas, devices, entities = ar.async_get(hass), dr.async_get(hass), er.async_get(hass)
    for registry_id, target in all_targets(hass):
        registered = er.async_entries_for_device(entities, registry_id)
        exposed = [each for each in registered if async_should_expose(hass, assistant, each.entity_id)]
        device = devices.async_get(registry_id)
        if device is None or not exposed:
            continue
        name = device.name_by_user or device.name or registry_id
        entity_names = (alias for each in exposed for alias in er.async_get_entity_aliases(hass, each))
        yield ExposedDevice(
            registry_id=registry_id,
            name=name,
            target=target,
            area=areas.async_get_area(device.area_id) if device.area_id else None,
            names=frozenset(_comparable(each) for each in (name, *entity_names)),
            controllable=isinstance(target, Target)
            and not is_monitor_only(target.coordinator.config_entry)
            and any((each.domain, each.translation_key) in _CONTROLS for each in exposed),
        )


@callback
def find_matches(
    hass: HomeAssistant, devices: Sequence[ExposedDevice], wanted: Mapping[str, Any]
) -> list[ExposedDevice]:
    """Return the devices that a caller can mean, by name, area and type: all of them, if nothing is said of these.

    Raises ServiceValidationError with what there is when nothing matches.
    """
    found = list(devices)
    if (device_type := wanted.get(ATTR_DEVICE_TYPE)) is not None:
        found = [each for each in found if each.device and each.device.device_type == device_type]
    if (area := wanted.get(ATTR_AREA)) is not None:
        area_ids = _area_ids(hass, area)
        found = [each for each in found if each.area and each.area.id in area_ids]
    if (name := wanted.get(ATTR_NAME)) is not None:
        found = _named(found, _comparable(name))
    if not found:
        given = ", ".join(display_text(str(wanted[key])) for key in _WANTED if wanted.get(key) is not None)
        raise _error(key="no_exposed_device", wanted=given or "anything", devices=_texts(devices))
    return found


@callback
def choose(
    matches: Sequence[ExposedDevice],
    devices: Sequence[ExposedDevice],
    command: str,
    takes: Callable[[ExposedDevice], bool],
    preferred_area: str | None,
) -> tuple[ExposedDevice, Target]:
    """Return the one device of those that match which can be commanded; one in the caller's own area comes first.

    Raises ServiceValidationError: with those that can be meant when there are several, else why there is none.
    """
    able = [each for each in matches if each.controllable and takes(each)]
    if len(able) > 1:
        able = [each for each in able if each.area and each.area.id == preferred_area] or able
    if len(able) > 1:
        raise _error(key="several_devices_match", devices=_texts(able))
    if able and isinstance(target := able[0].target, Target):
        return able[0], target
    _raise_why_not(next(filter(takes, matches), matches[0]), takes)
    others = [each for each in devices if each.controllable and takes(each)]
    names = ", ".join(each.name for each in matches)
    raise _error(key="command_not_taken", device=names, command=command, devices=_texts(others))


def _raise_why_not(exposed: ExposedDevice, takes: Callable[[ExposedDevice], bool]) -> None:
    """Raise what keeps a device from being commanded, unless it is that it does not take the command."""
    if not isinstance(exposed.target, Target):
        raise exposed.target
    find_device(exposed.target)
    if takes(exposed):
        raise _error(key="controls_not_exposed", device=exposed.name)


_WANTED: Final = (ATTR_NAME, ATTR_AREA, ATTR_DEVICE_TYPE)


def _named(devices: Sequence[ExposedDevice], name: str) -> list[ExposedDevice]:
    """Return the devices that a name fits best: as what they or their entities are called, their type, or a part."""
    fits: tuple[Callable[[ExposedDevice], bool], ...] = (
        lambda each: name in each.names,
        lambda each: (
            each.device is not None
            and name
            in {_comparable(each.device.label), each.device.device_type, each.device.device_type.replace("_", " ")}
        ),
        lambda each: name in _comparable(each.name),
    )
    return next((found for fit in fits if (found := [each for each in devices if fit(each)])), [])


def _area_ids(hass: HomeAssistant, name: str) -> set[str]:
    """Return the areas of a name, and those of the floors of that name."""
    areas = ar.async_get(hass)
    floors = {each.floor_id for each in find_floors(name, fr.async_get(hass))}
    named = {each.id for each in find_areas(name, areas)}
    return named | {each.id for each in areas.async_list_areas() if each.floor_id in floors}


def _comparable(name: str) -> str:
    return name.strip().casefold()


def _texts(devices: Iterable[ExposedDevice]) -> str:
    return ", ".join(each.text for each in devices) or "none"


def _error(*, key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
