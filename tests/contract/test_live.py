"""Readings in live: three tiers, and lists that never ask a manufacturer (api §10)."""

from datetime import timedelta

import pytest

from .harness import LIVE_KEY, START, Api, Document, iso, wall_clock

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


@pytest.fixture
def live(api: Api) -> Api:
    """Return the service with a live key."""
    api.headers = {"x-api-key": LIVE_KEY}
    return api


async def _read(api: Api, device: Document, *, expedite: bool = False) -> Document:
    return (await api.get(api.path(device), **({"expedite": "true"} if expedite else {}))).data


def _tier(reading: Document) -> tuple[str, str | None, str | None]:
    return reading["metadata"]["source"], reading["metadata"].get("cacheType"), reading["sync"]["lastPulledAt"]


async def _pulls(api: Api) -> dict[str, int]:
    return {item["id"]: item["pulls"] for item in (await api.get("/_simulator/devices")).data["items"]}


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_normal_read_asks_the_manufacturer_once_in_a_quarter_of_an_hour(live: Api, segment: str) -> None:
    device = await live.device(segment)
    assert _tier(await _read(live, device)) == ("cache", "normal", iso(START))
    await live.advance(minutes=15)
    assert _tier(await _read(live, device)) == ("cache", "normal", iso(START))
    await live.advance(milliseconds=1)
    pulled_at = iso(START + timedelta(minutes=15, milliseconds=1))
    assert _tier(await _read(live, device)) == ("live", None, pulled_at)
    assert _tier(await _read(live, device)) == ("cache", "normal", pulled_at)
    assert (await _pulls(live))[device["id"]] == 1


async def test_expedited_read_asks_the_manufacturer_once_a_minute(live: Api) -> None:
    battery = await live.device("battery")
    assert _tier(await _read(live, battery, expedite=True)) == ("cache", "expedite", iso(START))
    await live.advance(minutes=1)
    assert _tier(await _read(live, battery, expedite=True)) == ("cache", "expedite", iso(START))
    await live.advance(milliseconds=1)
    assert _tier(await _read(live, battery))[:2] == ("cache", "normal")
    pulled_at = iso(START + timedelta(minutes=1, milliseconds=1))
    assert _tier(await _read(live, battery, expedite=True)) == ("live", None, pulled_at)
    assert _tier(await _read(live, battery)) == ("cache", "normal", pulled_at)


async def test_stored_reading_shows_the_state_when_it_was_pulled(live: Api) -> None:
    battery = await live.device("battery")
    then = await _read(live, battery)
    await live.advance(minutes=14)
    assert await _read(live, battery) == then
    await live.advance(hours=1)
    assert (await _read(live, battery))["state"]["level"] != then["state"]["level"]


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_list_never_asks_the_manufacturer(live: Api, segment: str) -> None:
    first = await live.devices(segment)
    for _ in range(3):
        await live.advance(hours=5)
        assert await live.devices(segment) == first
    assert {_tier(item) for item in first} == {("cache", None, iso(START))}
    assert set((await _pulls(live)).values()) == {0}
    assert not any(entry["pulled"] for entry in (await live.get("/_simulator/requests")).data["items"])
    fresh = await _read(live, first[0])
    listed = await live.devices(segment)
    assert listed[0]["state"] == fresh["state"]
    assert listed[1:] == first[1:]
    assert (await live.get("/_simulator/requests")).data["items"][-2]["pulled"] is True


async def test_sandbox_shows_the_same_devices_without_tiers(live: Api) -> None:
    battery = await live.device("battery")
    await live.advance(hours=2)
    live.headers = {"x-api-key": "sk_test_contract"}
    now = iso(START + timedelta(hours=2))
    assert (await live.device("battery"))["id"] == battery["id"]
    assert (
        _tier(await _read(live, battery))
        == _tier(await _read(live, battery, expedite=True))
        == ("projection", None, now)
    )
    assert set((await _pulls(live)).values()) == {0}


async def test_device_that_was_never_pulled_is_listed_without_values(live: Api) -> None:
    battery = await live.device("battery")
    await live.post(f"/_simulator/devices/{battery['id']}", {"pulled": False})
    listed = await live.device("battery")
    assert _tier(listed) == ("cache", None, None)
    assert list(listed["state"]) == list(battery["state"])
    assert set(listed["state"].values()) == {None}
    assert listed["commands"] == battery["commands"]
    assert _tier(await _read(live, battery)) == ("live", None, iso(START))
    assert (await live.device("battery"))["state"] == battery["state"]


async def test_device_can_be_pulled_at_the_manufacturer_without_being_read(live: Api) -> None:
    battery = await live.device("battery")
    await live.advance(hours=1)
    await _read(live, battery)
    await live.advance(hours=1)
    now = iso(START + timedelta(hours=2))
    changed = (await live.post(f"/_simulator/devices/{battery['id']}", {"pulled": True})).data
    assert (changed["lastPulledAt"], changed["pulls"]) == (now, 1)
    assert _tier(await live.device("battery")) == ("cache", None, now)


async def test_last_action_appears_late_in_readings_and_at_once_by_itself(live: Api) -> None:
    battery = await live.device("battery")
    action_id = (await live.push(battery, "charge")).data["id"]
    assert (await live.action(action_id))["state"] == "acknowledged"

    async def shown() -> list[str | None]:
        readings = (await _read(live, battery), await live.device("battery"))
        return [reading["lastAction"] and reading["lastAction"]["state"] for reading in readings]

    await live.advance(seconds=4.999)
    assert await shown() == [None, None]
    await live.advance(milliseconds=1)
    assert await shown() == ["acknowledged"] * 2
    await live.advance(seconds=5)
    assert (await live.action(action_id))["state"] == "completed"
    await live.advance(seconds=4.999)
    assert await shown() == ["acknowledged"] * 2
    await live.advance(milliseconds=1)
    assert await shown() == ["completed"] * 2


async def test_manufacturer_accepts_a_command_a_moment_after_it_is_acknowledged(live: Api) -> None:
    battery = await live.device("battery")
    action_id = (await live.push(battery, "charge")).data["id"]

    async def stage() -> tuple[str, str, str | None]:
        action = await live.action(action_id)
        return action["state"], action["updatedAt"], action["acknowledgedAt"]

    assert await stage() == ("acknowledged", iso(START), None)
    await live.advance(milliseconds=799)
    assert await stage() == ("acknowledged", iso(START), None)
    await live.advance(milliseconds=1)
    accepted = iso(START + timedelta(milliseconds=800))
    assert await stage() == ("acknowledged", accepted, accepted)
    await live.advance(seconds=10)
    assert await stage() == ("completed", iso(START + timedelta(seconds=10)), accepted)


async def test_command_that_ends_before_it_could_be_accepted_is_accepted_at_its_end(live: Api) -> None:
    await live.post("/_simulator/timing", {"liveSettleSeconds": 0.5})
    action_id = (await live.push(await live.device("battery"), "charge")).data["id"]
    await live.advance(hours=1)
    action = await live.action(action_id)
    assert action["acknowledgedAt"] == action["completedAt"] == iso(START + timedelta(milliseconds=500))


async def test_command_cancelled_before_its_start_is_never_accepted(live: Api) -> None:
    action_id = (await live.push(await live.device("battery"), "charge", start="1h")).data["id"]
    await live.post(f"/actions/{action_id}/cancel")
    await live.advance(hours=2)
    action = await live.action(action_id)
    assert (action["state"], action["acknowledgedAt"]) == ("cancelled", None)


async def test_failure_takes_half_a_minute(live: Api) -> None:
    battery = await live.device("battery")
    await live.add_fault("failed_action", battery, errorCode="DEVICE_OFFLINE", count=1)
    action_id = (await live.push(battery, "charge")).data["id"]
    await live.advance(seconds=29.999)
    assert (await live.action(action_id))["state"] == "acknowledged"
    assert (await live.push(battery, "idle")).status == 409
    await live.advance(milliseconds=1)
    action = await live.action(action_id)
    failed = iso(START + timedelta(seconds=30))
    assert (action["state"], action["completedAt"], action["errorCode"]) == ("failed", failed, "DEVICE_OFFLINE")
    assert action["result"]["success"] is False
    assert (await live.push(battery, "idle")).status == 202


async def test_failure_of_a_window_comes_when_it_opens(live: Api) -> None:
    battery = await live.device("battery")
    await live.add_fault("failed_action", battery, count=1)
    end = wall_clock(START + timedelta(hours=1))
    action_id = (await live.push(battery, "charge", start="30m", end=end)).data["id"]
    await live.advance(minutes=30, seconds=30)
    assert (await live.action(action_id))["completedAt"] == iso(START + timedelta(minutes=30, seconds=30))


async def test_cancelling_shows_late_in_readings(live: Api) -> None:
    battery = await live.device("battery")
    action_id = (await live.push(battery, "charge", start="1h")).data["id"]
    await live.advance(minutes=1)
    await live.post(f"/actions/{action_id}/cancel")
    await live.advance(seconds=4.999)
    assert (await _read(live, battery))["lastAction"]["state"] == "scheduled"
    await live.advance(milliseconds=1)
    assert (await _read(live, battery))["lastAction"]["state"] == "cancelled"


async def test_push_shows_only_after_another_pull(live: Api) -> None:
    battery = await live.device("battery")
    before = await _read(live, battery)
    await live.push(battery, "charge")
    assert (await _read(live, battery))["state"] == before["state"]
    await live.advance(minutes=10)
    assert (await _read(live, battery))["state"] == before["state"]
    assert (await _read(live, battery, expedite=True))["state"]["currentMode"] == "charge"
    assert (await live.device("battery"))["state"]["status"] == "charging"


@pytest.mark.parametrize(
    ("begun", "ended", "mode"), [(0.5, 1, "auto.balanced"), (0, 1, "auto.balanced"), (0, 2, "idle")]
)
async def test_window_too_short_for_a_real_device_leaves_it_as_it_was(
    live: Api, begun: float, ended: float, mode: str
) -> None:
    battery = await live.device("battery")
    await live.advance(seconds=begun)
    end = wall_clock(START + timedelta(minutes=1, seconds=ended))
    assert (await live.push(battery, "charge", start="1m", end=end)).status == 202
    await live.advance(hours=1)
    reading = await _read(live, battery, expedite=True)
    assert (reading["state"]["currentMode"], reading["lastAction"]["state"]) == (mode, "completed")


async def test_setting_shows_only_after_another_pull(live: Api) -> None:
    charger = await live.device("ev-charger")
    answer = await live.post(f"{live.path(charger)}/settings", {"max_charge_rate": {"value": 5, "unit": "kw"}})
    assert answer.status == 200
    assert (await _read(live, charger))["settings"]["max_charge_rate"]["value"] == 11
    await live.advance(minutes=2)
    assert (await _read(live, charger))["settings"]["max_charge_rate"]["value"] == 11
    assert (await _read(live, charger, expedite=True))["settings"]["max_charge_rate"]["value"] == 5


async def test_charger_may_fall_back_to_its_own_rate(live: Api) -> None:
    charger = await live.device("ev-charger")
    own = (await _read(live, charger))["settings"]["max_charge_rate"]["value"]
    await live.post(f"{live.path(charger)}/settings", {"max_charge_rate": {"value": 5, "unit": "kw"}})
    await live.advance(minutes=2)
    assert (await _read(live, charger, expedite=True))["settings"]["max_charge_rate"]["value"] == 5
    assert (await live.post(f"/_simulator/devices/{charger['id']}/defaults")).status == 200
    assert (await _read(live, charger))["settings"]["max_charge_rate"]["value"] == 5
    await live.advance(minutes=2)
    reading = await _read(live, charger, expedite=True)
    assert reading["settings"]["max_charge_rate"]["value"] == own == 11
    assert reading["lastAction"] is None


async def test_device_without_settings_has_no_defaults_to_restore(live: Api) -> None:
    for segment in ("hvac", "solar-inverter", "vehicle"):
        device = await live.device(segment)
        answer = await live.post(f"/_simulator/devices/{device['id']}/defaults")
        assert answer.failure == (404, "NOT_FOUND", None)


@pytest.mark.parametrize("segment", ["ev-charger", "hvac"])
async def test_charger_and_thermostat_take_no_commands_yet(live: Api, segment: str) -> None:
    device = await live.device(segment)
    assert (await live.push(device, "idle")).failure == (422, "COMMAND_NOT_SUPPORTED", None)
    assert (await live.push(device, "nonsense")).failure == (422, "COMMAND_NOT_SUPPORTED", None)
    await live.post("/_simulator/live", {"allTypesPushable": True})
    assert (await live.push(device, "idle")).status == 202


async def test_live_ignores_the_sandbox_member(live: Api) -> None:
    battery = await live.device("battery")
    answer = await live.push(battery, "charge", sandbox={"outcome": "failed", "delaySeconds": 0})
    assert answer.data["state"] == "acknowledged"
    await live.advance(seconds=10)
    assert (await live.action(answer.data["id"]))["state"] == "completed"


async def test_reset_links_the_devices_again(live: Api) -> None:
    battery = await live.device("battery")
    await live.advance(hours=1)
    await _read(live, battery)
    await live.advance(hours=1)
    await live.post("/_simulator/reset")
    assert _tier(await _read(live, battery)) == ("cache", "normal", iso(START + timedelta(hours=2)))
    assert set((await _pulls(live)).values()) == {0}
