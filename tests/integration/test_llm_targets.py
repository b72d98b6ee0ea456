"""Which device a voice assistant means, and who may read and command it."""

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest

from .assistant import Assistant
from .commanding import Home, amps_id
from .test_monitor_only import monitor_only
from .test_permissions import controls_of, entities_of, user_of

# Who may.


async def test_in_monitor_only_mode_nothing_commands(hass: HomeAssistant, assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery, "mode", "level")
    assistant.expose(home.thermostat, "thermostat")
    before = await assistant.api()
    await monitor_only(hass, home.account, on=True)
    assert await assistant.offered() == {"amps__get_devices"}
    for tool, args in (
        ("charge", {}),
        ("idle", {"device_type": "hvac"}),
        ("cancel_scheduled", {"name": "Home battery"}),
    ):
        with pytest.raises(ServiceValidationError, match="monitor-only mode"):
            await assistant.use(tool, before, **args)
    assert home.posts == 0
    assert "level 71.7 %" in await assistant.say("get_devices", name="Home battery")


async def test_who_speaks_needs_the_permission(hass: HomeAssistant, assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    assistant.expose(home.thermostat, "thermostat")
    reader = user_of(hass, read=entities_of(hass, home.battery))
    assistant.context = Context(user_id=reader.id)
    text = await assistant.say("get_devices")
    assert "Home battery" in text
    assert "Nest" not in text
    for tool in ("charge", "cancel_scheduled"):
        args = {"name": "Home battery"}
        assert "not permitted to control Home battery" in await assistant.refusal(tool, **args)
        assert "Nest" not in await assistant.refusal(tool, name="Toaster")
    assert home.posts == 0
    owner = user_of(hass, control=controls_of(hass, home.battery))
    assistant.context = Context(user_id=owner.id)
    await assistant.use("charge", name="Home battery")
    assert {event.context.user_id for event in home.events.events} == {owner.id}


# Which device is meant.


async def test_a_device_is_known_by_many_names(hass: HomeAssistant, assistant: Assistant, home: Home) -> None:
    registry, garage = er.async_get(hass), ar.async_get(hass).async_create("Garage")
    dr.async_get(hass).async_update_device(home.battery.id, area_id=garage.id)
    for device in home.devices:
        assistant.expose(device, "reachable")
    mode = registry.async_get_entity_id("select", "amps", f"{amps_id(home.battery)}_mode")
    assert mode
    assistant.expose(home.battery)
    registry.async_update_entity(mode, aliases=["Powerwall"])
    wanted: tuple[dict[str, object], ...] = (
        {"name": "HOME battery "},
        {"name": "powerwall"},
        {"name": "me batt"},
        {"area": "garage"},
        {"area": "Garage", "device_type": "battery", "name": "battery"},
    )
    for each in wanted:
        assert (await assistant.say("get_devices", **each)).startswith("Home battery (Battery, Garage): ")
    assert len((await assistant.say("get_devices", name="Battery")).splitlines()) == 3
    unknown = await assistant.refusal("get_devices", name="Toaster", area="Garage")
    assert "matches: Toaster, Garage" in unknown
    assert "Tesla Wall Connector (EV charger, charging)" in unknown


async def test_what_stands_where_one_speaks_comes_first(hass: HomeAssistant, assistant: Assistant, home: Home) -> None:
    other = home.device("EP11")
    assistant.expose(home.battery)
    assistant.expose(other)
    assert "Several" in await assistant.refusal("discharge", power=1, duration=30)
    garage = ar.async_get(hass).async_create("Garage")
    satellite = dr.async_get(hass).async_get_or_create(
        config_entry_id=home.account.entry_id, identifiers={("test", "satellite")}
    )
    for device in (satellite, home.battery):
        dr.async_get(hass).async_update_device(device.id, area_id=garage.id)
    assistant.device_id = satellite.id
    assert "Home battery" in await assistant.say("discharge", power=1, duration=30)
