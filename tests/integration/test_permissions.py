"""Who may command what: permissions are those of entities, actions act on devices (design §6)."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.amps.const import DOMAIN

from .changes import (
    ACTIONS,
    KEPT_HERE,
    ONLY_READ,
    SERVICES,
    Change,
    by_actions,
    by_controls,
    enable_all,
    reached,
    refuse_all,
)
from .commanding import Home, amps_id
from .conftest import MINUTE, Advance, battery_of, devices, entity_id, put_in_one_area, state_of
from .test_calendar import calendar_of

pytestmark = pytest.mark.usefixtures("home")

both = pytest.mark.parametrize("environment", ["sandbox", "live"])

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
    battery, other = two_batteries(hass)
    garage = put_in_one_area(hass, battery, other)
    user = user_of(hass, control=controls_of(hass, other))
    assert set(await idle(hass, user, **garage)) == {other.id}
    nobody = user_of(hass, read=entities_of(hass, other))
    with pytest.raises(Unauthorized):
        await idle(hass, nobody, **garage)


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


# All that can be changed, by whoever may and may not. The service refuses it, so that all of it can be tried.

type Outcome = set[str] | None
"""The ids of the devices that something was sent to, None if it was not permitted."""


async def outcome(home: Home, change: Change, user: MockUser) -> Outcome:
    """Return what comes of a change that a user tries."""
    home.forget()
    try:
        await change.call(home.hass, Context(user_id=user.id))
    except Unauthorized:
        assert home.posts == 0
        return None
    except HomeAssistantError:
        pass
    return reached(home)


def reader_of(hass: HomeAssistant, home: Home) -> MockUser:
    """Return a user who may read all entities of an account."""
    registered = er.async_entries_for_config_entry(er.async_get(hass), home.account.entry_id)
    return user_of(hass, read={each.entity_id for each in registered})


def owner_of(hass: HomeAssistant, device: dr.DeviceEntry, *more: str) -> MockUser:
    """Return a user who may control one device, and more entities."""
    return user_of(hass, control=controls_of(hass, device) | set(more))


def put_in_garage(hass: HomeAssistant, *stored: dr.DeviceEntry) -> tuple[dict[str, object], ...]:
    """Put devices into an area of a floor and give them a label; return what reaches all of them, and only them."""
    floor, label = fr.async_get(hass).async_create("Ground"), lr.async_get(hass).async_create("Energy")
    garage = ar.async_get(hass).async_create("Garage", floor_id=floor.floor_id)
    for device in stored:
        dr.async_get(hass).async_update_device(device.id, area_id=garage.id, labels={label.label_id})
    return {"area_id": garage.id}, {"floor_id": floor.floor_id}, {"label_id": label.label_id}


@both
@pytest.mark.parametrize(
    ("models", "actions"),
    [
        (("H1-5.0-E", "EP11"), ACTIONS.keys() - {"set_temperature"}),
        (("Learning Thermostat", "Thermostat E"), {"cancel_action", "idle", "send_command", "set_temperature"}),
    ],
    ids=["battery", "thermostat"],
)
async def test_an_action_reaches_what_its_user_may_control_and_nothing_else(
    hass: HomeAssistant, home: Home, models: tuple[str, str], actions: AbstractSet[str], pass_time: Advance
) -> None:
    await pass_time(MINUTE)  # then settings are known, and so all controls
    own, other = (home.device(model) for model in models)
    scheduled = [(await home.call("idle", each, start="20:00"))["action"]["id"] for each in (own, other)]
    refuse_all(home.between)
    mine, theirs = {amps_id(own)}, {amps_id(other)}
    controls = [min(controls_of(hass, each)) for each in (own, other)]
    around = put_in_garage(hass, own, other)
    # The target, what an administrator reaches by it, and what somebody does who may control one device.
    targets: list[tuple[dict[str, object], Outcome, Outcome]] = [
        ({"device_id": own.id}, mine, mine),
        ({"device_id": other.id}, theirs, None),
        ({"device_id": [own.id, other.id]}, mine | theirs, None),
        ({"entity_id": controls[0]}, mine, mine),
        ({"entity_id": controls[1]}, theirs, None),
        ({"device_id": other.id, **around[0]}, mine | theirs, None),
        *((target, mine | theirs, mine) for target in around),
    ]
    users = {"administrator": MockUser(is_owner=True).add_to_hass(hass), "reader": reader_of(hass, home)}
    users["owner"] = owner_of(hass, own)
    found, expected = {}, {}
    for action in actions:
        by_id: list[tuple[dict[str, object], Outcome, Outcome]] = [
            ({"action_id": scheduled[0]}, mine, mine),
            ({"action_id": scheduled[1]}, theirs, None),
        ]
        for target, administrators, owners in targets + (by_id if action == "cancel_action" else []):
            outcomes = {"administrator": administrators, "reader": None, "owner": owners}
            (change,) = by_actions(target, action)
            for name, user in users.items():
                found[name, action, str(target)] = await outcome(home, change, user)
                expected[name, action, str(target)] = outcomes[name]
        (change,) = by_actions({"entity_id": "all"}, action)
        assert await outcome(home, change, users["owner"]) == mine
        assert await outcome(home, change, users["reader"]) is None
    assert found == expected


def test_all_there_is_to_call_is_tried_here(hass: HomeAssistant) -> None:
    registered = hass.services.async_services_for_domain(DOMAIN)
    assert {each for each in registered if not each.startswith("simulator_")} == ACTIONS.keys() | ONLY_READ
    for domain, services in SERVICES.items():
        assert hass.services.async_services_for_domain(domain).keys() == services.keys()


@both
async def test_a_control_is_used_by_who_may_control_it_and_by_nobody_else(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    await enable_all(home, pass_time)
    owned = [each for each in home.devices if entity_id(hass, each, "cancel_scheduled", "button")]
    for device in owned:
        await home.call("idle", device, start="20:00")
    refuse_all(home.between)
    several: list[dict[str, object]] = [*put_in_garage(hass, *owned), {"entity_id": "all"}]
    reader, owners = reader_of(hass, home), [owner_of(hass, device) for device in owned]
    for place, device in enumerate(owned):
        sent: dict[str, set[str]] = {}
        for change in by_controls(hass, device):
            for user in (reader, owners[place - 1]):
                assert await outcome(home, change, user) is None
            found = await outcome(home, change, owners[place])
            assert found is not None
            sent.setdefault(change.what, set()).update(found)
            for target in several:
                data = {name: value for name, value in change.data.items() if name != "entity_id"} | target
                found = await outcome(home, replace(change, data=data), owners[place])
                assert found is None or found <= {amps_id(device)}
        assert {what for what, ids in sent.items() if not ids} <= {f"number.{key}" for key in KEPT_HERE}
        assert set().union(*sent.values()) == {amps_id(device)}


@both
async def test_in_the_calendar_actions_are_deleted_by_who_may_control_their_device(
    hass: HomeAssistant, home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    own, other = home.battery, home.device("EP11")
    scheduled = {amps_id(each): (await home.call("idle", each, start="20:00"))["action"]["id"] for each in (own, other)}
    refuse_all(home.between)
    calendar = calendar_of(hass, home.account).entity_id
    users = {
        "administrator": MockUser(is_owner=True),
        "reader": reader_of(hass, home),
        "owner": owner_of(hass, own),
        "owner with the calendar": owner_of(hass, own, calendar),
        "the calendar alone": user_of(hass, control={calendar}),
    }
    deleted: dict[str, set[str]] = {}
    for name, user in users.items():
        token = await hass.auth.async_create_refresh_token(user.add_to_hass(hass), CLIENT_ID)
        client = await hass_ws_client(hass, hass.auth.async_create_access_token(token))
        home.forget()
        for action_id in scheduled.values():
            await client.send_json_auto_id({"type": "calendar/event/delete", "entity_id": calendar, "uid": action_id})
            assert not (await client.receive_json())["success"]
        deleted[name] = reached(home)
    assert deleted == {
        "administrator": set(scheduled),
        "reader": set(),
        "owner": set(),
        "owner with the calendar": {amps_id(own)},
        "the calendar alone": set(),
    }
