"""What actions are called in sentences for people, in the language of Home Assistant (design §5).

All words stand in the translations under `common`: `command_*` begins a sentence, `plan_*` is what is to be done,
`parameter_*` follows either, and `reason_*` is what an error code means (api §8.2).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from ..api import display_text
from ..const import DOMAIN

_UNITS: Final[Mapping[str, str]] = {
    "percent": "%",
    "kw": "kW",
    "watts": "W",
    "kwh": "kWh",
    "amps": "A",
    "volts": "V",
    "hours": "h",
    "minutes": "min",
    "celsius": "°C",
    "fahrenheit": "°F",
}
"""How the units of the API are written (api §5.1)."""

_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "scheduled": ("start", "end"),
    "acknowledged": ("end",),
    "failed": ("reason",),
    "cancelled": ("reason",),
}
"""What is said of an action in each state besides its command, where it is known; each combination has its own text."""

type Parameters = Mapping[str, Mapping[str, Any]] | None
"""The parameters of an action as its events have them: value and unit, by slug."""


@callback
def text(hass: HomeAssistant, key: str, **placeholders: str) -> str | None:
    """Return a text with its placeholders filled in, None where there is no such text."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    found = texts.get(f"component.{DOMAIN}.common.{key}")
    return None if found is None else found.format(**placeholders)


@callback
def command_text(
    hass: HomeAssistant, form: Literal["command", "plan"], command: str | None, parameters: Parameters
) -> str:
    """Return a command with its parameters: "Charging to 90 %", or "charge to 90 %" as a plan.

    What no text is known for is named by its own slug.
    """
    words = [text(hass, f"{form}_{command or 'unknown'}") or _readable(command or "")]
    for name, quantity in (parameters or {}).items():
        unit = str(quantity["unit"])
        values = {"name": _readable(name), "value": f"{quantity['value']:g} {_UNITS.get(unit, display_text(unit))}"}
        words.append(
            text(hass, f"parameter_{command}_{name}", **values)
            or text(hass, f"parameter_{name}", **values)
            or " ".join(values.values())
        )
    return " ".join(words)


@callback
def outcome_text(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return what has become of an action, by the data of its event: "Charging to 90 % failed: the device is offline".

    Its times are in it while they lie ahead, and the reason of its end.
    """
    state = str(data.get("state"))
    values = {"command": command_text(hass, "command", data.get("command"), data.get("parameters")), "state": state}
    start, end = (dt_util.parse_datetime(data.get(key) or "") for key in ("start", "end"))
    if start is not None:
        values["start"] = time_text(start)
    if end is not None:
        values["end"] = time_text(end, start if state == "scheduled" else None)
    if reason := data.get("reason"):
        values["reason"] = reason_text(hass, reason)
    known = "_".join(name for name in _SHOWN.get(state, ()) if name in values)
    message = text(hass, f"logbook_{state}_{known}".rstrip("_"), **values) or f"{values['command']}: {state}"
    return message[:1].upper() + message[1:]


@callback
def reason_text(hass: HomeAssistant, code: str) -> str:
    """Return what the error code of an action means, in words that follow a colon."""
    return text(hass, f"reason_{code.lower()}") or _readable(code)


def time_text(time: datetime, after: datetime | None = None) -> str:
    """Return a time as the clock on the wall shows it, without the date where that is the one of a time before."""
    local = dt_util.as_local(time)
    is_same_day = after is not None and dt_util.as_local(after).date() == local.date()
    return f"{local:%H:%M}" if is_same_day else f"{local:%Y-%m-%d %H:%M}"


def _readable(name: str) -> str:
    return display_text(name).replace("_", " ").lower()
