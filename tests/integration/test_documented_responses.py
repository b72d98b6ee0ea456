"""docs/actions.md names every field of the responses of actions, and no other."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
import re
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from tests.packaging.files import ROOT

from .commanding import Home
from .conftest import QUARTER, Advance, patiently
from .test_actions import call

pytestmark = pytest.mark.parametrize("environment", ["live"])

EVERY, COMMANDS, DRY_RUN = "Every response", "Commands", "Commands with `dry_run`"
ACTIONS = "`amps.get_actions` and `amps.cancel_action`"
SETTINGS, REFRESH, DEVICE = "`amps.apply_settings`", "`amps.refresh`", "`amps.get_device`"
STATE = "The state of a device"
NAME = ".<name>"


@cache
def documented() -> Mapping[str, list[tuple[str, str]]]:
    """Return the rows of the tables under each heading, without their heads."""
    text = (ROOT / "docs" / "actions.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    rows = {
        heading: re.findall(r"^\| (.+?) \| (.+) \|$", part, flags=re.MULTILINE)[2:]
        for heading, part in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert all(rows.values())
    return rows


def fields(heading: str) -> set[str]:
    """Return the paths of the fields under a heading; those of the actions in a reading stand elsewhere."""
    paths = {name.strip("`") for name, _ in documented()[heading]}
    if heading == DEVICE:
        of_action = {path.removeprefix("actions[]") for path in fields(ACTIONS)} - {"actions"} | {".device_id"}
        for action in ("reading.last_action", "reading.effective_action", "reading.open_actions"):
            paths |= {f"{action}{'[]' if action.endswith('s') else ''}{path}" for path in of_action}
    return paths


def paths_of(value: object, named: Collection[str], path: str = "") -> Iterator[str]:
    """Yield the path of each field of a response; `named` are the paths of what has names of the device's own."""
    match value:
        case dict():
            for name, each in value.items():
                below = f"{path}{NAME}" if path in named else f"{path}.{name}".removeprefix(".")
                yield below
                yield from paths_of(each, named, below)
        case list():
            for each in value:
                yield from paths_of(each, named, f"{path}[]")


async def responses(hass: HomeAssistant, home: Home, pass_time: Advance) -> Mapping[str, list[dict[str, Any]]]:
    """Return what the actions answer for each device, under the headings at which it is described."""
    battery, inverter = home.battery, home.first("solar_inverter")
    both = [battery.id, inverter.id]
    await patiently(home.call("discharge", battery, power=1), pass_time)
    await pass_time(QUARTER)
    ready = await patiently(home.call("charge", battery, target_level=95, ready_by="22:00"), pass_time)
    await pass_time(QUARTER)
    reading = [await home.call("get_device", device) for device in (battery, home.thermostat)]
    cancelled = await home.call("cancel_action", battery)
    charged = await patiently(
        call(hass, "charge", device_id=both, target_level=90, start="22:00", end="23:00"), pass_time
    )
    await pass_time(QUARTER)
    dry = [
        await home.call("charge", battery, dry_run=True, target_level=90, power=power, duration={"hours": 1})
        for power in (2, 99)
    ]
    return {
        EVERY: list(charged.values()),
        COMMANDS: [ready, *charged.values()],
        DRY_RUN: dry,
        ACTIONS: [cancelled, await home.call("get_actions", battery)],
        SETTINGS: [await home.call("apply_settings", battery, settings={"charge_ceiling": 90})],
        REFRESH: [await home.call("refresh", battery)],
        DEVICE: reading,
    }


async def test_every_field_of_a_response_is_documented_and_no_other(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    answered = await responses(hass, home, pass_time)
    assert answered.keys() == documented().keys() - {STATE}
    for heading, answers in answered.items():
        described = fields(heading)
        named = {path[: match.start()] for path in described for match in re.finditer(NAME, path)}
        found = {path for answer in answers for path in paths_of(answer, named)}
        if heading == EVERY:
            found = {path for path in found if path.startswith(("ok", "error"))}
        else:
            found -= {path for path in found if path.partition(".")[0] in {"ok", "error"}}
        # What has names of the device's own may go without a line: what stands under them says it.
        assert {path for path in found if path in described or not (path in named or path.endswith(NAME))} == described


async def test_every_field_of_a_state_is_documented_and_no_other(hass: HomeAssistant, home: Home) -> None:
    found: dict[str, set[str]] = {}
    for device in home.devices:
        reading = (await home.call("get_device", device))["reading"]
        found.setdefault(reading["type"], set()).update(reading["state"])
    assert {name.strip("`"): set(re.findall(r"`(\w+)`", said)) for name, said in documented()[STATE]} == found
