"""The actions about actions, and the one that writes settings, as automations call them (design §6)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
import voluptuous as vol

from .accounts import add_live_account
from .actions import ask, asked, push
from .conftest import Advance, battery_of, patiently, put_in_one_area, state_of
from .live import amps_id, inverter_of
from .service import Service
from .test_actions import call

WINDOW = {"start": "2026-06-14T20:00:00", "end": "2026-06-14T21:00:00"}
LATER = {"start": "2026-06-15T20:00:00", "end": "2026-06-15T21:00:00"}


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account."""
    entry = await add_live_account(hass, service.url)
    await pass_time(timedelta(seconds=1))
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that can do everything."""
    return battery_of(hass)


async def test_the_history_of_a_device_is_returned_newest_first(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    first = push(service, amps_id(battery), "charge", parameters={"target": {"value": 90, "unit": "percent"}})
    await pass_time(timedelta(minutes=1))
    second = push(service, amps_id(battery), "idle", start="2026-06-14T20:00:00")
    actions = (await call(hass, "get_actions", device_id=battery.id))[battery.id]["actions"]
    assert [each["id"] for each in actions] == [second, first]
    newest, oldest = actions
    assert (newest["state"], newest["start"], newest["end"]) == ("scheduled", "2026-06-14T19:00:00Z", None)
    assert oldest["parameters"] == {"target": {"value": 90.0, "unit": "percent"}}
    assert oldest["completed_at"] is not None
    completed = (await call(hass, "get_actions", device_id=battery.id, state="completed"))[battery.id]["actions"]
    assert [each["id"] for each in completed] == [first]
    one = (await call(hass, "get_actions", device_id=battery.id, limit=1))[battery.id]["actions"]
    assert [each["id"] for each in one] == [second]


async def test_a_history_without_an_answer_is_an_error(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry
) -> None:
    service.control("POST", "faults", {"kind": "error", "status": 503, "code": "SERVICE_UNAVAILABLE"})
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "get_actions", device_id=battery.id)
    assert raised.value.translation_key == "actions_not_read"
    assert str(battery.name) in str(raised.value)


async def test_all_that_is_scheduled_for_a_target_is_cancelled(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    charge = await call(hass, "charge", device_id=battery.id, **WINDOW)
    action_id = charge[battery.id]["action"]["id"]
    cancelled = (await call(hass, "cancel_action", device_id=battery.id))[battery.id]["actions"]
    assert [(each["id"], each["state"]) for each in cancelled] == [(action_id, "cancelled")]
    assert state_of(hass, battery, "last_action") == "cancelled"
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "cancel_action", device_id=battery.id)
    assert raised.value.translation_key == "nothing_scheduled"


async def test_in_an_area_only_what_is_scheduled_is_cancelled(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry
) -> None:
    garage = put_in_one_area(hass, battery, inverter_of(hass))
    await call(hass, "charge", device_id=battery.id, **WINDOW)
    assert set(await call(hass, "cancel_action", **garage)) == {battery.id}


async def test_an_action_of_somebody_else_is_cancelled_by_its_id(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry
) -> None:
    # No reading has shown it yet.
    theirs = push(service, amps_id(battery), "charge", **WINDOW)
    answer = await call(hass, "cancel_action", action_id=theirs)
    assert answer[battery.id]["actions"][0]["state"] == "cancelled"
    assert ask(service, "GET", f"/actions/{theirs}")["state"] == "cancelled"
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "cancel_action", action_id=theirs)
    assert raised.value.translation_key == "not_cancellable"


@pytest.mark.parametrize("action_id", ["act_nobody", "..", "", "a/b"])
async def test_an_action_that_nobody_has_is_named(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, action_id: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "cancel_action", action_id=action_id)
    assert raised.value.translation_key == "action_not_found"
    assert asked(service)["push"] == []


async def test_an_action_that_cannot_be_looked_up_may_be_there(
    hass: HomeAssistant, service: Service, account: ConfigEntry, battery: dr.DeviceEntry
) -> None:
    theirs = push(service, amps_id(battery), "charge", **WINDOW)
    service.control("POST", "faults", {"kind": "error", "status": 503, "code": "SERVICE_UNAVAILABLE", "count": 1})
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "cancel_action", action_id=theirs)
    assert raised.value.translation_key == "action_not_read"
    assert all(each in str(raised.value) for each in (theirs, account.title, "SERVICE_UNAVAILABLE"))
    assert asked(service)["push"] == []
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(HomeAssistantError, match="its account is not loaded"):
        await call(hass, "cancel_action", action_id=theirs)
    assert await hass.config_entries.async_setup(account.entry_id)
    assert (await call(hass, "cancel_action", action_id=theirs))[battery.id]["ok"]


@pytest.mark.parametrize("both", [True, False])
async def test_what_to_cancel_is_an_action_or_targets(
    hass: HomeAssistant, battery: dr.DeviceEntry, *, both: bool
) -> None:
    data = {"action_id": "act_1", "device_id": battery.id} if both else {}
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "cancel_action", **data)
    assert raised.value.translation_key == "nothing_to_cancel"


async def test_settings_are_written_all_or_none(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    values = {"discharge_floor": 15, "charge_ceiling": 95}
    answer = await patiently(call(hass, "apply_settings", device_id=battery.id, settings=values), pass_time)
    written = answer[battery.id]["settings"]
    assert {name: each["value"] for name, each in written.items()} == values
    (request,) = asked(service)["push"]
    assert request["path"] == f"/battery/{amps_id(battery)}/settings"
    with pytest.raises(ServiceValidationError) as raised:
        await call(
            hass, "apply_settings", device_id=battery.id, settings={"discharge_floor": 20, "charge_ceiling": 101}
        )
    assert "101" in str(raised.value)
    assert "100" in str(raised.value)
    assert len(asked(service)["push"]) == 1


@pytest.mark.parametrize(
    "settings", [{}, {"discharge_floor": "low"}, {"discharge_floor": True}, {"discharge_floor": None}]
)
async def test_settings_are_numbers(hass: HomeAssistant, battery: dr.DeviceEntry, settings: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        await call(hass, "apply_settings", device_id=battery.id, settings=settings)


async def test_a_device_without_settings_says_so(hass: HomeAssistant, battery: dr.DeviceEntry) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "apply_settings", device_id=inverter_of(hass).id, settings={"discharge_floor": 15})
    assert raised.value.translation_key == "no_settings"
    assert "–" not in str(raised.value)
