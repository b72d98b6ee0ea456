"""Commands to devices that their manufacturer does not reach: accepted by Amps, and failed with a reason (api §8.2)."""

from collections.abc import Awaitable
from typing import Final

from homeassistant.exceptions import HomeAssistantError
import pytest

from .commanding import Home, amps_id
from .conftest import MINUTE, SECOND, Advance, patiently
from .controls import shown

CALLS: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "battery": ("charge", {"power": 2}),
    "ev_charger": ("idle", {}),
    "hvac": ("set_temperature", {"mode": "heat", "temperature": 23}),
}
"""An action for each type that takes commands."""


async def error_of(call: Awaitable[object], pass_time: Advance) -> HomeAssistantError:
    """Return the error that a call ends with, after whatever it waits for."""
    with pytest.raises(HomeAssistantError) as raised:
        await patiently(call, pass_time, SECOND)
    return raised.value


@pytest.mark.parametrize("environment", ["sandbox", "live"])
@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        ("offline", "DEVICE_OFFLINE", "the device is offline"),
        ("fallback", "NETWORK_ERROR", "reached"),
    ],
)
@pytest.mark.parametrize("kind", CALLS)
async def test_a_command_fails_once_and_with_its_reason(
    home: Home, pass_time: Advance, kind: str, fault: str, code: str, reason: str
) -> None:
    """Whoever does not wait for the end gets an event, whoever waits an error; neither command is made twice."""
    home.hass.loop.set_debug(False)
    device, (action, fields) = home.first(kind), CALLS[kind]
    await pass_time(MINUTE)
    home.service.control("POST", "faults", {"kind": fault, "match": {"deviceId": amps_id(device)}})

    answer = await home.call(action, device, **fields)
    assert answer["ok"]
    await pass_time(MINUTE)
    (event,) = [each for each in home.events.events if each.data["state"] == "failed"]
    assert (event.data["action_id"], event.data["reason"]) == (answer["action"]["id"], code)
    assert shown(home.hass, device, "sensor", "last_action").state == "failed"
    assert len(home.pushed) == 1

    err = await error_of(home.call(action, device, wait="finished", **fields), pass_time)
    assert err.translation_key == "action_failed"
    assert (device.name or "") in str(err)
    assert reason in str(err)
    await pass_time(5 * MINUTE)
    assert [each["state"] for each in home.actions(device)] == ["failed", "failed"]
    assert len(home.pushed) == 2
