"""Repairs of what only the user can mend, or has to know; those of lost devices and links are in `test_cleanup.py`."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntry, ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN

from .accounts import KEY, add_account, add_live_account
from .conftest import HOUR, MINUTE, QUARTER, Advance, battery_of, devices, state_of
from .flow import submit
from .interception import error, intercept
from .live import amps_id
from .repairs import Repairs
from .service import Service

DAY = timedelta(days=1)


def set_live(service: Service, **switches: bool) -> None:
    """Change what the account may do in live."""
    service.control("POST", "live", switches)


# Live access.


async def test_live_access_that_is_disabled_is_reported_until_it_is_enabled(
    hass: HomeAssistant, service: Service, account: ConfigEntry, repairs: Repairs, pass_time: Advance
) -> None:
    set_live(service, enabled=False)
    await pass_time(2 * QUARTER)
    assert await repairs.said("live_access_disabled") == {"account": account.title}
    # It stays where the account cannot even be set up.
    for _ in range(2):
        await hass.config_entries.async_reload(account.entry_id)
        await pass_time(QUARTER)
        assert account.state is ConfigEntryState.SETUP_ERROR
        assert list(await repairs.shown()) == ["live_access_disabled"]
        assert not (await repairs.shown())["live_access_disabled"]["is_fixable"]
    set_live(service, enabled=True)
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert account.state is ConfigEntryState.LOADED
    assert await repairs.all() == {}


async def test_live_access_that_comes_back_by_itself_ends_the_repair(
    service: Service, account: ConfigEntry, repairs: Repairs, pass_time: Advance
) -> None:
    set_live(service, enabled=False)
    await pass_time(2 * QUARTER)
    assert "live_access_disabled" in await repairs.shown()
    set_live(service, enabled=True)
    await pass_time(2 * QUARTER)
    assert await repairs.all() == {}


@pytest.mark.parametrize("end", ["disable", "remove", "reconfigure"])
async def test_the_repair_of_an_account_that_cannot_be_set_up_goes_with_it(
    hass: HomeAssistant, service: Service, account: ConfigEntry, repairs: Repairs, end: str
) -> None:
    set_live(service, enabled=False)
    await hass.config_entries.async_reload(account.entry_id)
    assert "live_access_disabled" in await repairs.shown()
    match end:
        case "disable":
            await hass.config_entries.async_set_disabled_by(account.entry_id, ConfigEntryDisabler.USER)
        case "remove":
            await hass.config_entries.async_remove(account.entry_id)
        case "reconfigure":
            form = await hass.config_entries.flow.async_init(
                DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": account.entry_id}
            )
            await submit(hass, form, api_key=KEY, advanced={"url": service.url})
            await hass.async_block_till_done(wait_background_tasks=True)
            assert account.state is ConfigEntryState.LOADED
    assert await repairs.all() == {}


# Commands that Amps does not offer.


async def idle(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Command a device."""
    await hass.services.async_call(DOMAIN, "idle", {"device_id": device.id}, blocking=True)


OF_EACH_TYPE = pytest.mark.parametrize(
    ("control", "kind"), [("switch.charging_enabled", "EV charger"), ("climate.thermostat", "HVAC")]
)


def devices_with(hass: HomeAssistant, control: str) -> list[dr.DeviceEntry]:
    """Return the devices that have a control, named as `domain.key`."""
    domain, key = control.split(".")
    return devices(hass, having=key, domain=domain)


def are_in_use(hass: HomeAssistant, control: str) -> set[bool]:
    """Return whether the devices that have a control can be controlled, though all of them can be read."""
    domain, key = control.split(".")
    found = devices_with(hass, control)
    assert len(found) > 1
    assert all(state_of(hass, each, "overridden", "binary_sensor") != STATE_UNAVAILABLE for each in found)
    return {state_of(hass, each, key, domain) != STATE_UNAVAILABLE for each in found}


@OF_EACH_TYPE
async def test_commands_that_are_not_offered_are_reported_and_their_controls_out_of_use_for_a_day(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    repairs: Repairs,
    advance: Advance,
    control: str,
    kind: str,
) -> None:
    (device, *_), battery = devices_with(hass, control), battery_of(hass)
    assert are_in_use(hass, control) == {True}
    with pytest.raises(HomeAssistantError, match="COMMAND_NOT_SUPPORTED"):
        await idle(hass, device)
    assert are_in_use(hass, control) == {False}
    assert await repairs.said("commands_not_offered") == {"account": account.title, "type": kind}
    await idle(hass, battery)
    assert are_in_use(hass, "select.mode") == {True}
    await advance(DAY - MINUTE)
    assert are_in_use(hass, control) == {False}
    assert "commands_not_offered" in await repairs.shown()
    with pytest.raises(ServiceValidationError) as refused:
        await idle(hass, device)
    assert refused.value.translation_key == "commands_not_offered"
    await advance(2 * MINUTE)
    assert await repairs.all() == {}
    assert are_in_use(hass, control) == {True}
    set_live(service, allTypesPushable=True)
    await idle(hass, device)
    assert await repairs.all() == {}


@OF_EACH_TYPE
async def test_commands_that_are_not_offered_are_out_of_use_until_a_reload(
    hass: HomeAssistant, service: Service, account: ConfigEntry, repairs: Repairs, control: str, kind: str
) -> None:
    device, *_ = devices_with(hass, control)
    with pytest.raises(HomeAssistantError, match="COMMAND_NOT_SUPPORTED"):
        await idle(hass, device)
    await repairs.ignore("commands_not_offered")
    assert are_in_use(hass, control) == {False}
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await repairs.all() == {}
    assert are_in_use(hass, control) == {True}
    set_live(service, allTypesPushable=True)
    await idle(hass, device)
    assert await repairs.all() == {}


@pytest.mark.parametrize("lists", ["readable", "unreadable"])
async def test_commands_that_the_key_may_not_send_are_out_of_use_and_no_key_is_asked_for(
    hass: HomeAssistant, service: Service, account: ConfigEntry, repairs: Repairs, advance: Advance, lists: str
) -> None:
    """Whatever the key may read: permissions are of their own (api §8.1)."""
    between = intercept(service)
    forbidden = ("POST",) if lists == "readable" else ("POST", "GET")
    between.answer = lambda request: (
        error("INSUFFICIENT_PERMISSIONS", 403)
        if request.method in forbidden and request.path.startswith("/battery")
        else None
    )
    battery, control = battery_of(hass), "select.mode"
    with pytest.raises(HomeAssistantError, match="INSUFFICIENT_PERMISSIONS"):
        await idle(hass, battery)
    assert are_in_use(hass, control) == {False}
    assert await repairs.said("commands_not_permitted") == {"account": account.title, "type": "Battery"}
    with pytest.raises(ServiceValidationError) as refused:
        await idle(hass, battery)
    assert refused.value.translation_key == "commands_not_permitted"
    assert len([each for each in between.requests if each.method == "POST"]) == 1
    between.answer = lambda _: None
    await advance(DAY + MINUTE)
    assert await repairs.all() == {}
    await idle(hass, battery)
    assert are_in_use(hass, control) == {True}
    assert not hass.config_entries.flow.async_progress()


# The zone of a plant.


@pytest.fixture(params=["sandbox", "live"])
async def berlin(hass: HomeAssistant, service: Service, request: pytest.FixtureRequest) -> ConfigEntry:
    """Return an account whose plants are in London while its owner is in Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    add = add_account if request.param == "sandbox" else add_live_account
    return await add(hass, service.url)


async def charge_later(hass: HomeAssistant, battery: dr.DeviceEntry, start: datetime) -> dict[str, Any]:
    """Plan a window of an hour and return its action."""
    data = {"device_id": battery.id, "start": start.isoformat(), "end": (start + HOUR).isoformat()}
    answer: Any = await hass.services.async_call(DOMAIN, "charge", data, blocking=True, return_response=True)
    action: dict[str, Any] = answer["devices"][battery.id]["action"]
    return action


async def test_a_plant_in_another_zone_is_reported_until_home_assistant_is_there_too(
    hass: HomeAssistant, service: Service, berlin: ConfigEntry, repairs: Repairs
) -> None:
    battery = dr.async_get(hass).async_update_device(battery_of(hass).id, name_by_user="Cellar")
    assert isinstance(battery, dr.DeviceEntry)
    assert await repairs.all() == {}
    start = datetime.fromisoformat("2026-06-14T20:00:00+00:00")
    action = await charge_later(hass, battery, start)
    assert datetime.fromisoformat(action["start"]) == start
    said = await repairs.said("plant_zone_differs")
    assert said["device"] == "Cellar"
    assert said["home_zone"] == "Europe/Berlin"
    learned = said["plant_zone"]
    assert learned != "Europe/Berlin"
    assert not (await repairs.shown())["plant_zone_differs"]["is_fixable"]

    # It is informative: what was ignored stays so over a reload.
    await repairs.ignore("plant_zone_differs")
    await hass.config_entries.async_reload(berlin.entry_id)
    assert await repairs.shown() == {}
    assert "plant_zone_differs" in await repairs.all()
    await hass.config.async_update(time_zone="Asia/Kolkata")
    assert (await repairs.all())["plant_zone_differs"]["translation_placeholders"]["home_zone"] == "Asia/Kolkata"
    # The zone was found by its clocks, which many zones share.
    await hass.config.async_update(time_zone="Europe/Lisbon" if learned != "Europe/Lisbon" else "Europe/London")
    assert await repairs.all() == {}
    await hass.config.async_update(time_zone="Europe/Berlin")
    assert "plant_zone_differs" in await repairs.shown()


@pytest.mark.parametrize("berlin", ["live"], indirect=True)
async def test_the_report_of_a_zone_goes_with_its_device(
    hass: HomeAssistant, service: Service, berlin: ConfigEntry, repairs: Repairs, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await charge_later(hass, battery, datetime.fromisoformat("2026-06-14T20:00:00+00:00"))
    assert "plant_zone_differs" in await repairs.shown()
    service.control("POST", f"devices/{amps_id(battery)}", {"present": False})
    await pass_time(HOUR)
    assert dr.async_get(hass).async_get(battery.id) is None
    assert await repairs.all() == {}


# Links to manufacturers.


async def test_a_link_has_to_be_refused_three_times_in_a_row(
    hass: HomeAssistant, service: Service, account: ConfigEntry, repairs: Repairs, pass_time: Advance
) -> None:
    battery = dr.async_get(hass).async_update_device(battery_of(hass).id, name_by_user="Cellar")
    assert isinstance(battery, dr.DeviceEntry)
    fault = {"kind": "offline", "code": "MFA_REQUIRED", "match": {"deviceId": amps_id(battery)}, "count": 2}
    service.control("POST", "faults", fault)
    await pass_time(HOUR)
    assert await repairs.all() == {}
    service.control("POST", "faults", {**fault, "count": 3})
    for _ in range(20):
        await pass_time(MINUTE)
        if await repairs.all():
            break
    assert await repairs.said("relink_device") == {
        "device": "Cellar",
        "vendor": battery.manufacturer,
        "code": "MFA_REQUIRED",
    }
    await pass_time(QUARTER)
    assert await repairs.all() == {}
