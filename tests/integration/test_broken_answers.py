"""Answers of a service in which something is wrong, over real HTTP: what is wrong costs itself and nothing else."""

from collections.abc import Awaitable, Callable, Mapping
import gzip
import json
from typing import Any, Final

from aiohttp import web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from custom_components.amps import diagnostics
from custom_components.amps.const import DOMAIN

from ..api.mutation import Path, encode
from .accounts import add_account, add_live_account
from .broken_service import BrokenService, complaints, device_of, in_batteries, states_of

BROKEN: Final[tuple[tuple[Path, Any, set[str]], ...]] = (
    (("lastAction",), {"id": None, "command": "charge", "state": "completed"}, set()),
    (("lastAction",), {}, set()),
    (("lastAction",), 7, set()),
    (("lastAction",), {"id": "..", "createdAt": "this morning"}, set()),
    (("sync",), "yes", set()),
    (("sync", "lastPulledAt"), 5, set()),
    (("metadata",), [None], set()),
    (("vendor",), "Fox\ud83dESS", set()),
    (("vendor",), "raw:no UTF-8", set()),
    (("state", "level"), float("nan"), {"level"}),
    (("state", "level"), "raw:too large", {"level"}),
    (("state", "level"), "raw:too many digits", {"level"}),
    (("state", "level"), True, {"level"}),
    (("state", "level"), 1e308, {"level"}),
    (("state", "level"), {"value": 5}, {"level"}),
    (("state", "chargeRate"), float("-inf"), {"power", "charge_power", "discharge_power"}),
    (("commands", "charge"), {"parameters": {"target": {"min": float("inf"), "unit": 5}}, "execution": 1}, set()),
    (("commands", "charge", "parameters"), [1], set()),
    (("conflictStrategies",), [5, None], set()),
    (("x",), "raw:nested too deeply", set()),
)
"""What is wrong with the first battery: where, what, and which entities know nothing then."""
CONTROLS: Final[Mapping[Path, set[str]]] = {
    ("commands", "charge"): {"charge", "charge_target"},
    ("commands", "charge", "parameters"): {"charge_target"},
}
"""Which controls are of the broken part, and may go with it."""


def unavailable(states: Mapping[str, str]) -> set[str]:
    """Return the keys of the entities that are unavailable."""
    return {key for key, state in states.items() if state == STATE_UNAVAILABLE}


@pytest.mark.parametrize(("path", "value", "unknown"), BROKEN, ids=[".".join(map(str, path)) for path, _, _ in BROKEN])
async def test_one_broken_part_costs_itself_alone(
    hass: HomeAssistant,
    broken: BrokenService,
    poll: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
    path: Path,
    value: object,
    unknown: set[str],
) -> None:
    account = await add_account(hass, broken.url)
    before = states_of(hass, account)
    first = broken.devices_of("/battery")[0]
    assert len(before) == 11
    assert STATE_UNAVAILABLE not in before[first].values()

    broken.change = in_batteries(broken, path, value, "insert" if path == ("x",) else "replace")
    for _ in range(2):
        await poll()
        after = states_of(hass, account)
        assert after.keys() == before.keys()
        for id_, states in after.items():
            assert before[id_].keys() <= states.keys(), id_
            assert unavailable(states) <= (CONTROLS.get(path, set()) if id_ == first else set()), id_
        lost = {key for key, state in before[first].items() if STATE_UNKNOWN == after[first][key] != state}
        assert lost == unknown

    # As well after a set-up that saw nothing else.
    await hass.config_entries.async_reload(account.entry_id)
    await poll()  # settings come by single reads
    assert states_of(hass, account).keys() == before.keys()
    assert unavailable(states_of(hass, account)[first]) <= CONTROLS.get(path, set())
    found = await diagnostics.async_get_config_entry_diagnostics(hass, account)
    assert len(json.loads(json.dumps(found, allow_nan=False))["devices"]) == 11
    response = await hass.services.async_call(
        DOMAIN, "get_device", {"device_id": device_of(hass, first).id}, blocking=True, return_response=True
    )
    assert json.loads(json.dumps(response, allow_nan=False))
    assert complaints(caplog) == []


async def test_a_device_without_id_or_with_none_to_ask_by_is_left_out_alone(
    hass: HomeAssistant, broken: BrokenService, caplog: pytest.LogCaptureFixture
) -> None:
    def change(path: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if path == "/battery":
            answer["data"]["items"] += [{"id": id_, "state": {"level": 5}} for id_ in ("", ".", "..", None)]
        if path == "/hvac":
            answer["data"]["items"][0]["lastAction"] = {"id": "..", "state": "acknowledged"}
        return encode(answer)

    broken.change = change
    account = await add_live_account(hass, broken.url)
    ids = {
        id_
        for path in ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
        for id_ in broken.devices_of(f"/{path}")
    }
    assert states_of(hass, account).keys() == ids
    assert {path.rpartition("/")[2] for path in broken.paths if path.count("/") > 1} <= ids
    assert [text for text in complaints(caplog) if "4 items of a list could not be read" in text] == complaints(caplog)


async def test_an_id_that_is_a_number_is_an_id(
    hass: HomeAssistant, broken: BrokenService, poll: Callable[[], Awaitable[None]]
) -> None:
    first = broken.devices_of("/battery")[0]

    def change(path: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if path == "/battery":
            item = answer["data"]["items"][0]
            answer["data"]["items"][0] = {
                **item,
                "id": 1,
                "lastAction": {"id": 7, "command": "idle", "state": "completed"},
            }
        if path == "/battery/1":
            return encode({"success": True, "data": {"id": 1, "state": {"level": 58}}})
        return encode(answer)

    broken.change = change
    account = await add_account(hass, broken.url)
    states = states_of(hass, account)
    assert first not in states
    assert len(states) == 11
    assert states["1"]["last_action"] == "completed"
    level = states["1"]["level"]
    await poll()
    await poll()
    assert states_of(hass, account)["1"]["level"] not in (level, STATE_UNAVAILABLE, STATE_UNKNOWN)


@pytest.mark.parametrize("kind", ["endless", "large", "compressed"])
async def test_a_list_beyond_all_bounds_fails_alone(
    hass: HomeAssistant, broken: BrokenService, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    large = b'{"success": true, "data": {"items": ["' + b"x" * (17 * 2**20) + b'"]}}'
    bodies = {
        "large": lambda: web.Response(body=large),
        "compressed": lambda: web.Response(body=gzip.compress(large, 1), headers={"Content-Encoding": "gzip"}),
    }
    asked: list[str] = []

    def change(path: str, answer: Any) -> bytes | web.Response | None:  # noqa: ANN401  JSON
        if path != "/battery":
            return None
        asked.append(path)
        if kind != "endless":
            return bodies[kind]()
        items = [{"id": f"device_{len(asked)}_{number}", "state": {}} for number in range(50)]
        return encode({**answer, "data": {"items": items, "pagination": {"total": 70, "hasMore": True}}})

    account = await add_account(hass, broken.url)
    broken.change = change
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.state is ConfigEntryState.LOADED
    assert len(asked) <= 2
    states = states_of(hass, account)
    assert {states[id_]["reachable"] for id_ in broken.devices_of("/solar-inverter")} == {"on"}
    reasons = {"endless": "has no end", "large": "is too large", "compressed": "is too large"}
    assert [text for text in complaints(caplog) if reasons[kind] in text]
