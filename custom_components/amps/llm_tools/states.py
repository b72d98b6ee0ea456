"""What is said of a device, with numbers and units; in English, since a language model reads it (design §7)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Any, Final

from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..account.action_events import outcome_data, parameters_data
from ..account.action_texts import command_text, outcome_text, time_text
from ..api.models import (
    Action,
    ActionState,
    AnyDevice,
    Battery,
    EvCharger,
    HoldType,
    Hvac,
    SolarInverter,
    Source,
    Vehicle,
)
from ..const import CONF_RANGE_UNIT, DEFAULT_RANGE_UNIT
from ..control.refresh import check_authoritative
from ..control.targets import Target
from ..rules import DeviceRecord
from ..rules.charging import full_at
from ..rules.effective import effective_action
from ..rules.record import or_oldest

_SOURCES: Final[Mapping[Source | None, str]] = {
    Source.CACHE: "from what Amps had stored of the manufacturer's data",
    Source.LIVE: "live from the manufacturer",
    Source.PROJECTION: "from a simulation, not from real hardware",
}
"""Where a reading comes from; a fallback is none of the device's own present (design §4)."""

_PRECISE_BELOW: Final = 10
"""Below this, a number has a second decimal."""


def reading_text(target: Target, record: DeviceRecord) -> str:
    """Return what a device does, how old that is and where it comes from; for one that is unavailable, why it is."""
    coordinator = target.coordinator
    age = coordinator.availability.age(record)
    try:
        check_authoritative(target, record)
    except HomeAssistantError as err:
        return f"Unavailable. {err}"
    if target.device_id not in coordinator.availability:
        return f"Unavailable. The last reading is {_span(age)} old, which is too old to tell what the device does now."
    source = _SOURCES.get(record.source, "from an unknown source")
    sentences = [_state(target, record), *_commands(target, record), f"Read {_span(age)} ago, {source}"]
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)


def doing_text(device: AnyDevice) -> str | None:
    """Return what a device does, in a word; None where that is unknown."""
    state = device.state
    return _word(getattr(state, "status", None) or getattr(state, "mode", None))


def action_text(hass: HomeAssistant, action: Action) -> str:
    """Return what has become of an action: "Charging to 80 % is scheduled from 2026-06-14 23:00 to 06:00"."""
    if action.state in {None, ActionState.UNKNOWN_VALUE}:
        command = command_text(hass, "command", action.command, parameters_data(action))
        return f"{command} was passed on to Amps, which does not say what became of it"
    return outcome_text(hass, outcome_data(action))


def _commands(target: Target, record: DeviceRecord) -> Iterator[str]:
    """Yield what the device was last commanded to do, whether the newest command failed, and what is still to come."""
    coordinator = target.coordinator
    now = coordinator.state.service_time()
    standing = effective_action(record.actions, now)
    if standing is not None:
        yield action_text(coordinator.hass, standing) + _end_text(standing, now)
    if record.action is not None and record.action.state is ActionState.FAILED:
        yield action_text(coordinator.hass, record.action)
    scheduled = (each for each in record.actions.values() if each.state is ActionState.SCHEDULED)
    for each in sorted(scheduled, key=lambda each: or_oldest(each.start)):
        yield action_text(coordinator.hass, each)
    if not coordinator.state.policy.sandbox and coordinator.store.evaluate_override(record):
        yield "the device does something other than its last command asked for"


def _end_text(action: Action, now: datetime) -> str:
    """Return when the window of a command ends or ended, where that is not said by its state."""
    if action.end is None:
        return ""
    if action.end <= now:
        return f", but its time ended at {time_text(action.end)}"
    return "" if action.state is ActionState.ACKNOWLEDGED else f", until {time_text(action.end)}"


def _state(target: Target, record: DeviceRecord) -> str:
    texts = _STATES.get(type(record.device))
    known = [each for each in texts(target, record) if each] if texts else []
    return ", ".join(known) or "nothing is known of its state"


def _battery(target: Target, record: DeviceRecord[Battery]) -> Iterator[str | None]:
    state = record.device.state
    yield _word(state.status)
    yield _number("level {} %", state.level)
    yield _number("{} kW {} the battery", state.charge_rate, ("out of", "into"))
    yield _number("capacity {} kWh", state.capacity)
    if _word(state.current_mode):
        yield f"mode {command_text(target.coordinator.hass, 'plan', state.current_mode, None)}"


def _ev_charger(_target: Target, record: DeviceRecord[EvCharger]) -> Iterator[str | None]:
    state = record.device.state
    yield _word(state.status)
    yield _yes_or_no(state.is_connected, "a vehicle is plugged in", "no vehicle is plugged in")
    yield _yes_or_no(state.is_charging, "energy flows to it", "no energy flows")
    yield _number("{} kW", state.current_power)
    yield _number("at most {} kW", state.power_rate_limit)


def _hvac(target: Target, record: DeviceRecord[Hvac]) -> Iterator[str | None]:
    state = record.device.state
    yield _temperature(target, "{} {} measured", state.temperature)
    yield _mode_text(state.mode)
    yield _temperature(target, "heats below {} {}", state.heat_setpoint)
    yield _temperature(target, "cools above {} {}", state.cool_setpoint)
    yield _yes_or_no(state.active, "running now", "not running now")
    yield _HOLDS.get(state.hold_type)


def _solar_inverter(_target: Target, record: DeviceRecord[SolarInverter]) -> Iterator[str | None]:
    state = record.device.state
    yield _word(state.status)
    yield _number("{} kW", state.current_power)
    yield _number("{} kWh since it was installed", state.energy_total)


def _vehicle(target: Target, record: DeviceRecord[Vehicle]) -> Iterator[str | None]:
    state = record.device.state
    unit = target.coordinator.config_entry.options.get(CONF_RANGE_UNIT, DEFAULT_RANGE_UNIT)
    yield _number("level {} %", state.battery_level)
    yield _number(f"range {{}} {unit}", state.range)
    yield _yes_or_no(state.plugged, "plugged in", "not plugged in")
    yield _yes_or_no(state.charging, "charging", "not charging")
    yield _number("charging power {} kW", state.charge_rate)
    yield _number("charge limit {} %", state.charge_limit)
    yield _yes_or_no(state.fully_charged, "fully charged", "not fully charged")
    if (full := full_at(record)) is not None:
        yield f"full at {time_text(full)}"


_STATES: Final[Mapping[type[AnyDevice], Callable[[Target, Any], Iterable[str | None]]]] = {
    Battery: _battery,
    EvCharger: _ev_charger,
    Hvac: _hvac,
    SolarInverter: _solar_inverter,
    Vehicle: _vehicle,
}

_HOLDS: Final[Mapping[HoldType | None, str]] = {
    HoldType.FOLLOW_SCHEDULE: "follows its own schedule",
    HoldType.PERMANENT: "holds these temperatures",
}


def _word(value: StrEnum | None) -> str | None:
    return None if value is None or value == "unknown_value" else value.replace("_", " ")


def _mode_text(mode: StrEnum | None) -> str | None:
    return f"mode {_word(mode)}" if _word(mode) else None


def _yes_or_no(value: bool | None, yes: str, no: str) -> str | None:  # noqa: FBT001  it is what is put into words
    return None if value is None else yes if value else no


def _number(words: str, value: float | None, directions: tuple[str, str] | None = None) -> str | None:
    """Return a number in words; one whose sign is a direction is given as that, negative or positive."""
    if value is None:
        return None
    if directions is None:
        return words.format(number_text(value))
    return words.format(number_text(abs(value)), directions[value > 0])


def number_text(value: float) -> str:
    """Return a number as precise as people say it."""
    return f"{value:.{2 if abs(value) < _PRECISE_BELOW else 1}f}".rstrip("0").rstrip(".")


def _temperature(target: Target, words: str, value: float | None) -> str | None:
    """Return a temperature in the unit of this Home Assistant."""
    if value is None:
        return None
    unit = target.coordinator.hass.config.units.temperature_unit
    return words.format(f"{TemperatureConverter.convert(value, UnitOfTemperature.CELSIUS, unit):.1f}", unit)


def _span(seconds: float) -> str:
    """Return a span of time in words: "4 minutes"."""
    return "an unknown time" if math.isinf(seconds) else dt_util.get_age(dt_util.utcnow() - timedelta(seconds=seconds))
