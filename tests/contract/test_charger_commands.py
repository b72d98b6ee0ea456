"""The commands of chargers, and the vehicle on them (api §6, §11)."""

import pytest

from .harness import Api, kilowatts


async def test_charger_starts_and_suspends_charging(api: Api) -> None:
    plugged, unplugged = await api.devices("ev-charger")
    for device, command, expected in (
        (plugged, "charge", {"status": "charging", "isConnected": True, "isCharging": True, "currentPower": 7.4}),
        (unplugged, "charge", {"status": "available", "isConnected": False, "isCharging": False, "currentPower": 0}),
        (plugged, "idle", {"status": "connected", "isConnected": True, "isCharging": False, "currentPower": 0}),
    ):
        answer = await api.push(device, command)
        state = await api.state(device)
        assert {name: state[name] for name in expected} == expected
        await api.advance(seconds=3)
        assert (await api.action(answer.data["id"]))["state"] == "completed"


async def test_charge_with_nothing_plugged_in_charges_once_a_vehicle_comes(api: Api) -> None:
    unplugged = await api.device("ev-charger", 1)
    await api.push(unplugged, "charge")
    await api.advance(minutes=29)
    assert (await api.state(unplugged))["isCharging"] is False
    await api.advance(minutes=31)
    state = await api.state(unplugged)
    assert (state["isCharging"], state["currentPower"]) == (True, 11)


async def test_vehicle_gains_what_its_charger_delivers(api: Api) -> None:
    """From 23 to 1 UTC at 5 kW, then suspended: 10 kWh of 75 in the vehicle, for the whole night."""
    charger, vehicle = await api.device("ev-charger"), await api.device("vehicle")
    await api.set_clock(set="2026-06-14T23:00:00Z")
    await api.post(f"{api.path(charger)}/settings", {"max_charge_rate": kilowatts(5)})
    before = await api.state(vehicle)
    await api.push(charger, "charge")
    assert (await api.state(vehicle))["chargeRate"] == (await api.state(charger))["currentPower"] == 5
    await api.advance(hours=2)
    await api.push(charger, "idle")
    for _ in range(2):
        state = await api.state(vehicle)
        assert (state["plugged"], state["charging"], state["chargeRate"]) == (True, False, 0)
        assert state["batteryLevel"] == pytest.approx(before["batteryLevel"] + 10 / 75 * 100, abs=0.011)
        await api.advance(hours=6)


async def test_suspended_charger_stays_suspended_through_the_next_session(api: Api) -> None:
    plugged = await api.device("ev-charger")
    await api.push(plugged, "idle")
    await api.advance(days=1)
    state = await api.state(plugged)
    assert (state["isConnected"], state["isCharging"]) == (True, False)
