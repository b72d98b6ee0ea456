"""Commands whose answer never comes: looked for, and never sent twice (api §15.1 #10)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Timing, create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import add_live_account
from .actions import ActionEvents, asked, push
from .commanding import Home, amps_id
from .conftest import MINUTE, QUARTER, SECOND, Advance, PollNow, battery_of, patiently, turn
from .lost_answers import HISTORY, fault, settled_home
from .service import HostClock, Service

__all__ = ["settled_home"]


BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
type Charge = Callable[[], Awaitable[str]]


@pytest.fixture
def charge(hass: HomeAssistant, battery: dr.DeviceEntry, pass_time: Advance) -> Charge:
    """Return what charges the battery and returns the id of the action, however long that takes."""

    async def call() -> str:
        data = {"device_id": battery.id, "target_level": 90, "power": 2.5}
        answered = hass.services.async_call(DOMAIN, "charge", data, blocking=True, return_response=True)
        answer: Any = await patiently(answered, pass_time, SECOND)
        action_id: str = answer["devices"][battery.id]["action"]["id"]
        return action_id

    return call


@BOTH
@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        ("disconnect", ["acknowledged", "completed"]),
        ("truncated", ["acknowledged", "completed"]),
        ("invalid_json", ["acknowledged", "completed"]),
        # After half a minute the command has been carried out.
        ("timeout", ["completed"]),
    ],
)
async def test_a_command_that_arrived_is_found_and_followed(
    settled_home: Home, pass_time: Advance, kind: str, stages: list[str]
) -> None:
    home = settled_home
    fault(home.service, kind)
    answer = await patiently(home.call("charge", home.battery, target_level=90, power=2.5), pass_time, SECOND)
    await pass_time(MINUTE)
    assert home.events.stages(answer["action"]["id"]) == stages
    assert len(home.pushed) == 1
    (look,) = asked(home.service)["history"]
    assert look["query"]["deviceId"] == amps_id(home.battery)
    assert home.commands(home.battery) == [("charge", "completed")]


@BOTH
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("disconnect", {"processed": False}),
        ("timeout", {"processed": False}),
        ("error", {"code": "SERVICE_UNAVAILABLE"}),
        ("error", {"code": "TIMEOUT"}),
        ("error", {"code": "INTERNAL_ERROR"}),
    ],
)
async def test_a_command_that_never_arrived_is_reported_as_lost(
    settled_home: Home, pass_time: Advance, kind: str, options: dict[str, Any]
) -> None:
    home = settled_home
    fault(home.service, kind, **options)
    err = await patiently(home.refusal("charge", home.battery, target_level=90, power=2.5), pass_time, SECOND)
    assert err.translation_key == "command_lost"
    assert "Amps knows nothing of it" in str(err)
    await pass_time(MINUTE)
    assert home.events.stages() == []
    assert len(home.pushed) == 1
    assert len(asked(home.service)["history"]) == 2
    assert home.actions(home.battery) == []


# What else may happen, in live.


async def test_what_cannot_be_searched_for_is_not_known(
    service: Service, recorded: ActionEvents, charge: Charge
) -> None:
    fault(service, "disconnect")
    fault(service, "error", code="SERVICE_UNAVAILABLE", match=HISTORY, count=2)
    with pytest.raises(HomeAssistantError, match="is not known") as raised:
        await charge()
    assert raised.value.translation_key == "outcome_unknown"
    assert len(asked(service)["push"]) == 1


async def test_a_second_search_finds_what_the_first_could_not(
    service: Service, recorded: ActionEvents, charge: Charge
) -> None:
    fault(service, "disconnect")
    fault(service, "error", code="SERVICE_UNAVAILABLE", match=HISTORY)
    assert await charge() == recorded.events[0].data["action_id"]
    assert len(asked(service)["push"]) == 1
    assert len(asked(service)["history"]) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"command": "charge", "parameters": {"power": {"value": 2, "unit": "kw"}}},
        {"command": "discharge"},
    ],
)
async def test_another_command_is_not_taken_for_ours(
    service: Service, battery: dr.DeviceEntry, charge: Charge, other: dict[str, Any]
) -> None:
    push(service, amps_id(battery), **other)
    fault(service, "disconnect", processed=False)
    with pytest.raises(HomeAssistantError) as raised:
        await charge()
    assert raised.value.translation_key == "command_lost"


async def test_an_earlier_command_of_the_same_kind_is_not_taken_for_ours(
    service: Service, battery: dr.DeviceEntry, charge: Charge, pass_time: Advance
) -> None:
    same = {"target": {"value": 90, "unit": "percent"}, "power": {"value": 2.5, "unit": "kw"}}
    push(service, amps_id(battery), "charge", parameters=same)
    await pass_time(MINUTE)
    fault(service, "disconnect", processed=False)
    with pytest.raises(HomeAssistantError) as raised:
        await charge()
    assert raised.value.translation_key == "command_lost"


async def test_nothing_is_sent_while_amps_asks_for_a_pause(
    service: Service, charge: Charge, pass_time: Advance
) -> None:
    fault(service, "error", code="RATE_LIMIT_EXCEEDED", retryAfter=100)
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as raised:
            await charge()
        assert raised.value.translation_key == "command_rate_limited"
    assert {kind: len(entries) for kind, entries in asked(service).items() if entries} == {"push": 1}
    await pass_time(timedelta(seconds=101))
    assert await charge()
    await pass_time(QUARTER)


async def test_ours_is_found_behind_what_came_after_it(
    service: Service, battery: dr.DeviceEntry, charge: Charge, pass_time: Advance
) -> None:
    """The answer takes so long that ours has been carried out, and somebody else commands something."""
    fault(service, "timeout")
    task = asyncio.ensure_future(charge())
    await turn()
    while not asked(service)["push"]:
        await turn()
    for _ in range(12):
        await pass_time(SECOND)
    other = push(service, amps_id(battery), "idle")
    assert await task != other


async def test_a_list_that_knows_of_it_first_does_not_hide_it(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    recorded: ActionEvents,
    charge: Charge,
    pass_time: Advance,
    poll_now: PollNow,
) -> None:
    fault(service, "timeout")
    task = asyncio.ensure_future(charge())
    await turn()
    for _ in range(12):
        await pass_time(SECOND)
    await poll_now(account)
    action_id = await task
    assert recorded.stages(action_id) == ["completed"]
    assert len(asked(service)["push"]) == 1


async def test_the_command_before_is_not_taken_for_ours(
    hass: HomeAssistant, socket_enabled: None, pass_time: Advance
) -> None:
    """However short ago it was: at this service a command is carried out at once."""
    timing = Timing(live_settle=timedelta(0))
    simulator = create_simulator("showcase", seed="quick", clock=HostClock(), timing=timing)
    async with serve(simulator) as url:
        service = Service(simulator, url)
        account = await add_live_account(hass, service.url)
        data = {"device_id": battery_of(hass).id, "power": 2}
        await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
        fault(service, "disconnect", processed=False)
        again = asyncio.ensure_future(hass.services.async_call(DOMAIN, "charge", data, blocking=True))
        await turn()
        await pass_time(10 * SECOND)
        with pytest.raises(HomeAssistantError) as raised:
            await again
        assert raised.value.translation_key == "command_lost"
        await hass.config_entries.async_unload(account.entry_id)
