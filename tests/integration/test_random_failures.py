"""Half a day in which everything fails at random and heals (design §4)."""

from collections import Counter
from datetime import timedelta
from random import Random
import re

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import orjson
import pytest

from custom_components.amps.simulator import Request

from .accounts import LIVE_KEY, add_live_account
from .conftest import Advance, devices, entity_id, state_of
from .interception import CUT_OFF, error, intercept, page
from .live import amps_id
from .service import Service

FAILURES = (
    CUT_OFF,
    page(200, b'{"success": true, "da'),
    page(401),
    page(404),
    page(502),
    error("INTERNAL_ERROR", 500),
    error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "45.5"}),
    error("RATE_LIMIT_EXCEEDED", 429),
    error("RATE_LIMIT_EXCEEDED", 401, **{"Retry-After": "20"}),
    error("RATE_LIMITED", 429),
    error("UNAUTHORIZED", 401),
    error("INVALID_CREDENTIALS", 401),
    error("INSUFFICIENT_PERMISSIONS", 403),
    error("DEVICE_OFFLINE", 404),
    error("TIMEOUT", 504),
)
FALLBACKS = ("fallback", "offline")
HOURS = 12
HEALTHY_REQUESTS = HOURS * (5 * 4 + 11 * 4)
"""The lists and each device once in a quarter of an hour."""


async def test_half_a_day_of_random_failures_leaves_nothing_behind(
    hass: HomeAssistant, service: Service, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    chance = Random(1)  # noqa: S311  no secret
    await add_live_account(hass, service.url)
    await pass_time(timedelta(minutes=1))
    between, share = intercept(service), 0.0
    between.answer = lambda _: chance.choice(FAILURES) if chance.random() < share else None
    caplog.clear()
    for _ in range(HOURS):
        share = chance.choice((0.0, 0.2, 0.7, 1.0))
        service.control("DELETE", "faults")
        for document in service.control("GET", "devices")["items"]:
            if chance.random() < 0.2:
                fault = {"kind": chance.choice(FALLBACKS), "match": {"deviceId": document["id"]}}
                service.control("POST", "faults", fault)
        await pass_time(timedelta(hours=1))
    assert len(between.requests) <= 1.5 * HEALTHY_REQUESTS
    share = 0.0
    service.control("DELETE", "faults")
    # A list that a key may not read is asked for hourly, and a device that was tried just before a quarter later.
    await pass_time(timedelta(minutes=80))

    for device in devices(hass, having="reachable", domain="binary_sensor"):
        assert state_of(hass, device, "reachable", "binary_sensor") == "on", device.name
    for document in service.control("GET", "devices")["items"]:
        _check_truth(hass, service, document["id"], document["deviceType"].replace("_", "-"))
    assert not [state for state in hass.states.async_all() if state.state == STATE_UNAVAILABLE]
    assert not hass.config_entries.flow.async_progress()
    starts, ends = _logged(caplog)
    assert starts
    assert starts == ends


def _logged(caplog: pytest.LogCaptureFixture) -> tuple[Counter[str], Counter[str]]:
    """Return how often the log says that something fails, and that it works again."""
    texts = [record.getMessage() for record in caplog.records if record.name.startswith("custom_components.amps")]

    def count(pattern: str) -> Counter[str]:
        return Counter(found[1] or found[2] for text in texts if (found := re.match(pattern, text)))

    return (
        count(r"Error f(etching .* data)|(.*) cannot be read"),
        count(r"F(etching .* data) recovered|(.*) can be read again"),
    )


KEYS = {
    "level": ("level", "sensor"),
    "batteryLevel": ("level", "sensor"),
    "chargeRate": ("power", "sensor"),
    "currentPower": ("power", "sensor"),
    "energyTotal": ("energy", "sensor"),
    "range": ("range", "sensor"),
}


def _check_truth(hass: HomeAssistant, service: Service, device_id: str, path: str) -> None:
    """Check that entities show what the service has of a device."""
    # A list has the device asked for nothing newer (api §4.2).
    answer = service.simulator.handle(Request(method="GET", path=f"/{path}", query={}, headers={"x-api-key": LIVE_KEY}))
    (state,) = (each["state"] for each in orjson.loads(answer.body)["data"]["items"] if each["id"] == device_id)
    (device,) = (
        each for each in devices(hass, having="reachable", domain="binary_sensor") if amps_id(each) == device_id
    )
    for field, (key, domain) in KEYS.items():
        if field in state and entity_id(hass, device, key, domain):
            shown = state_of(hass, device, key, domain)
            assert shown == STATE_UNKNOWN if state[field] is None else float(shown) == pytest.approx(state[field])
