"""Settings whose write is not answered, or not as it should be: read, and never written twice (api §7)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from orjson import dumps
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.amps.simulator import Request, Response

from .conftest import QUARTER, SECOND, Advance, battery_of, turn
from .controls import History, bodies, control_of, shown, use
from .interception import Interception
from .live import live
from .service import Service

__all__ = ["live"]

type Write = Callable[[dr.DeviceEntry], Awaitable[None]]


@pytest.fixture
def write(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Write:
    """Return what sets the floor of a battery to 25 %, however long that takes."""

    async def set_floor(battery: dr.DeviceEntry) -> None:
        task = asyncio.ensure_future(use(hass, battery, "number.discharge_floor", "set_value", value=25))
        for _ in range(150):
            await turn()
            if task.done():
                break
            freezer.tick(SECOND)
            async_fire_time_changed(hass)
        await task

    return set_floor


@pytest.mark.parametrize("kind", ["disconnect", "truncated", "timeout"])
async def test_a_lost_answer_is_settled_by_reading(
    hass: HomeAssistant,
    service: Service,
    live: ConfigEntry,
    sent: Interception,
    write: Write,
    pass_time: Advance,
    kind: str,
) -> None:
    battery = battery_of(hass)
    history = History.record(hass, control_of(hass, battery, "number", "discharge_floor"))
    lose(service, kind)
    await write(battery)
    assert len(bodies(sent)) == 1
    await pass_time(2 * QUARTER)
    assert history.values == ["25.0"]


@pytest.mark.parametrize("updated", [{}, {"updated": None}, {"updated": "discharge_floor"}], ids=str)
@pytest.mark.parametrize("written", [True, False])
async def test_an_answer_that_does_not_say_what_was_written_is_settled_by_reading(
    hass: HomeAssistant,
    service: Service,
    live: ConfigEntry,
    sent: Interception,
    write: Write,
    updated: dict[str, object],
    *,
    written: bool,
) -> None:
    def answer(request: Request, body: dict[str, Any]) -> None:
        if request.method == "POST":
            body["data"] = {"deviceId": body["data"]["deviceId"], **updated}

    def lose(request: Request) -> Response | None:
        document = {"success": True, "data": updated, "meta": {}}
        headers = {"Content-Type": "application/json"}
        return Response(status=200, headers=headers, body=dumps(document)) if request.method == "POST" else None

    battery = battery_of(hass)
    sent.rewrite = answer
    if not written:
        sent.answer = lose
        with pytest.raises(HomeAssistantError) as raised:
            await write(battery)
        assert raised.value.translation_key == "settings_lost"
    else:
        await write(battery)
    assert shown(hass, battery, "number", "discharge_floor").state == ("25.0" if written else "10.0")
    assert len(bodies(sent)) == 1


@pytest.mark.parametrize("kind", ["disconnect", "timeout"])
async def test_a_write_that_never_arrived_is_not_made_again(
    hass: HomeAssistant,
    service: Service,
    live: ConfigEntry,
    sent: Interception,
    write: Write,
    pass_time: Advance,
    kind: str,
) -> None:
    battery = battery_of(hass)
    lose(service, kind, processed=False)
    with pytest.raises(HomeAssistantError) as raised:
        await write(battery)
    assert raised.value.translation_key == "settings_lost"
    assert "discharge_floor" in str(raised.value)
    assert len(bodies(sent)) <= 1
    await pass_time(2 * QUARTER)
    assert len(bodies(sent)) <= 1
    assert shown(hass, battery, "number", "discharge_floor").state == "10.0"


async def test_what_cannot_be_read_either_stays_open(
    hass: HomeAssistant, service: Service, live: ConfigEntry, write: Write
) -> None:
    battery = battery_of(hass)
    lose(service, "disconnect")
    service.control("POST", "faults", {"kind": "error", "code": "INTERNAL_ERROR", "match": {"method": "GET"}})
    with pytest.raises(HomeAssistantError) as raised:
        await write(battery)
    assert raised.value.translation_key == "settings_outcome_unknown"


def lose(service: Service, kind: str, **options: object) -> None:
    """Let the answer to a write be lost."""
    match = {"method": "POST", "path": "/battery/*"}
    service.control("POST", "faults", {"kind": kind, "match": match, "count": 1, **options})
