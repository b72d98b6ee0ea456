"""Who may command what: permissions are those of entities, actions act on devices (design §6)."""

from typing import Any

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.amps.const import DOMAIN

from .conftest import battery_of, devices, entity_id, state_of

pytestmark = pytest.mark.usefixtures("simulated_home")

CONTROLS = {"button", "climate", "number", "select", "switch"}


def user_of(hass: HomeAssistant, **permissions: set[str]) -> MockUser:
    """Return a user who may read and control these entities and no others."""
    user = MockUser().add_to_hass(hass)
    entities: dict[str, dict[str, bool]] = {}
    for permission, ids in permissions.items():
        for each in ids:
            entities.setdefault(each, {})[permission] = True
    user.mock_policy({CAT_ENTITIES: {"entity_ids": entities}})
    return user


def entities_of(hass: HomeAssistant, device: dr.DeviceEntry) -> set[str]:
    """Return the enabled entities of a device."""
    return {each.entity_id for each in er.async_entries_for_device(er.async_get(hass), device.id)}


def controls_of(hass: HomeAssistant, device: dr.DeviceEntry) -> set[str]:
    """Return the enabled controls of a device."""
    return {each for each in entities_of(hass, device) if each.split(".")[0] in CONTROLS}


async def idle(hass: HomeAssistant, user: MockUser, **target: object) -> dict[str, Any]:
    """Command devices as a user, and return what is answered for each."""
    response = await hass.services.async_call(
        DOMAIN, "idle", target, blocking=True, return_response=True, context=Context(user_id=user.id)
    )
    assert isinstance(response, dict)
    found = response["devices"]
    assert isinstance(found, dict)
    return found


async def test_a_user_of_all_controls_of_a_device_may_name_it(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    user = user_of(hass, control=controls_of(hass, battery))
    assert (await idle(hass, user, device_id=battery.id))[battery.id]["ok"] is True


async def test_a_user_who_lacks_one_control_may_not_name_the_device(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    mode = str(entity_id(hass, battery, "mode", "select"))
    user = user_of(hass, control=controls_of(hass, battery) - {mode}, read=entities_of(hass, battery))
    with pytest.raises(Unauthorized) as raised:
        await idle(hass, user, device_id=battery.id)
    assert raised.value.entity_id == mode
    assert state_of(hass, battery, "last_action") == "unknown"


async def test_the_permission_of_an_entity_that_is_named_is_enough(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    mode = str(entity_id(hass, battery, "mode", "select"))
    user = user_of(hass, control={mode})
    assert (await idle(hass, user, entity_id=mode))[battery.id]["ok"] is True
    with pytest.raises(Unauthorized):
        await idle(hass, user, entity_id=[mode, str(entity_id(hass, battery, "level"))])


async def test_who_may_only_read_commands_nothing(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    user = user_of(hass, read=entities_of(hass, battery))
    for target in ({"device_id": battery.id}, {"entity_id": str(entity_id(hass, battery, "mode", "select"))}):
        with pytest.raises(Unauthorized):
            await idle(hass, user, **target)
    response = await hass.services.async_call(
        DOMAIN,
        "get_device",
        {"device_id": battery.id},
        blocking=True,
        return_response=True,
        context=Context(user_id=user.id),
    )
    assert response is not None


async def test_a_device_without_entities_is_for_administrators(hass: HomeAssistant) -> None:
    battery, registry = battery_of(hass), er.async_get(hass)
    user = user_of(hass, control=controls_of(hass, battery))
    for each in entities_of(hass, battery):
        registry.async_update_entity(each, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    with pytest.raises(Unauthorized):
        await idle(hass, user, device_id=battery.id)
    admin = MockUser(is_owner=True).add_to_hass(hass)
    assert (await idle(hass, admin, device_id=battery.id))[battery.id]["ok"] is True


async def test_in_an_area_the_permitted_devices_are_commanded(hass: HomeAssistant) -> None:
    garage = ar.async_get(hass).async_create("Garage")
    battery, other = two_batteries(hass)
    for device in (battery, other):
        dr.async_get(hass).async_update_device(device.id, area_id=garage.id)
    user = user_of(hass, control=controls_of(hass, other))
    assert set(await idle(hass, user, area_id=garage.id)) == {other.id}
    nobody = user_of(hass, read=entities_of(hass, other))
    with pytest.raises(Unauthorized):
        await idle(hass, nobody, area_id=garage.id)


def two_batteries(hass: HomeAssistant) -> list[dr.DeviceEntry]:
    """Return two batteries that can idle at once."""
    return devices(hass, having="mode", domain="select")[:2]


async def test_an_action_is_cancelled_by_whoever_may_control_its_device(hass: HomeAssistant) -> None:
    battery, other = two_batteries(hass)
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "charge",
        {"device_id": battery.id, "start": "03:00", "end": "04:00"},
        blocking=True,
        return_response=True,
    )
    action_id = answer["devices"][battery.id]["action"]["id"]
    stranger, owner = user_of(hass, control=controls_of(hass, other)), user_of(hass, control=controls_of(hass, battery))

    async def cancel(user: MockUser) -> None:
        await hass.services.async_call(
            DOMAIN, "cancel_action", {"action_id": action_id}, blocking=True, context=Context(user_id=user.id)
        )

    with pytest.raises(Unauthorized):
        await cancel(stranger)
    assert state_of(hass, battery, "last_action") == "scheduled"
    await cancel(owner)
    assert state_of(hass, battery, "last_action") == "cancelled"
