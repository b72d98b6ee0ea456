"""Settings (api §7)."""

import pytest

from .harness import Api, Document, kilowatts, percent

_FLOOR = {"discharge_floor": percent(15)}


async def _write(api: Api, device: Document, settings: Document) -> Document:
    answer = await api.post(f"{api.path(device)}/settings", settings)
    assert answer.status == 200
    return answer.data


async def test_write_names_what_was_written_in_the_order_of_the_request(api: Api) -> None:
    battery = await api.device("battery")
    data = await _write(api, battery, {"charge_ceiling": percent(95), **_FLOOR})
    assert data == {"deviceId": battery["id"], "updated": ["charge_ceiling", "discharge_floor"]}
    assert list(data) == ["deviceId", "updated"]


@pytest.mark.parametrize(
    ("segment", "index", "name", "quantity"),
    [
        ("battery", 0, "discharge_floor", percent(0)),
        ("battery", 0, "charge_ceiling", percent(87.5)),
        ("battery", 0, "safety_reserve", percent(100)),
        ("battery", 0, "export_limit", {"value": 3680, "unit": "watts"}),
        ("battery", 0, "max_charge_rate", {"value": 40, "unit": "amps"}),
        ("battery", 0, "max_discharge_rate", {"value": 0, "unit": "amps"}),
        ("battery", 2, "discharge_floor", percent(25)),
        ("ev-charger", 0, "max_charge_rate", kilowatts(3.6)),
    ],
)
async def test_written_setting_shows_in_the_single_read_and_creates_no_action(
    api: Api, segment: str, index: int, name: str, quantity: Document
) -> None:
    device = await api.device(segment, index)
    before = await api.read(device)
    await _write(api, device, {name: quantity})
    after = await api.read(device)
    assert after["settings"] == {**before["settings"], name: {**before["settings"][name], **quantity}}
    assert after["lastAction"] is None
    await api.advance(days=365)
    assert (await api.read(device))["settings"] == after["settings"]


async def test_settings_of_one_device_are_its_own(api: Api) -> None:
    first, second = await api.devices("ev-charger")
    await _write(api, first, {"max_charge_rate": kilowatts(3.6)})
    assert (await api.read(second))["settings"]["max_charge_rate"]["value"] == 11


@pytest.mark.parametrize(
    ("device", "settings", "code", "details"),
    [
        (("battery", 0), {"colour": percent(1)}, "UNSUPPORTED_SETTING", {"parameter": "colour"}),
        (("battery", 2), {"charge_ceiling": percent(90)}, "UNSUPPORTED_SETTING", {"parameter": "charge_ceiling"}),
        (("ev-charger", 0), _FLOOR, "UNSUPPORTED_SETTING", {"parameter": "discharge_floor"}),
        (
            ("battery", 0),
            {"scheduler_enabled": {"value": 1, "unit": "percent"}},
            "READ_ONLY_SETTING",
            {"parameter": "scheduler_enabled"},
        ),
        (
            ("battery", 0),
            {"max_charge_rate": kilowatts(3)},
            "UNSUPPORTED_UNIT",
            {"parameter": "max_charge_rate", "providedUnit": "kw", "supportedUnits": ["amps"]},
        ),
        (
            ("ev-charger", 0),
            {"max_charge_rate": {"value": 16, "unit": "amps"}},
            "UNSUPPORTED_UNIT",
            {"parameter": "max_charge_rate", "providedUnit": "amps", "supportedUnits": ["kw"]},
        ),
        (
            ("battery", 0),
            {"discharge_floor": percent(101)},
            "SETTING_OUT_OF_RANGE",
            {"parameter": "discharge_floor", "value": 101, "min": 0, "max": 100, "unit": "percent"},
        ),
        (
            ("battery", 2),
            {"export_limit": {"value": -1, "unit": "watts"}},
            "SETTING_OUT_OF_RANGE",
            {"parameter": "export_limit", "value": -1, "min": 0, "max": 20000, "unit": "watts"},
        ),
        (
            ("ev-charger", 0),
            {"max_charge_rate": kilowatts(50.5)},
            "SETTING_OUT_OF_RANGE",
            {"parameter": "max_charge_rate", "value": 50.5, "min": 0, "max": 50, "unit": "kw"},
        ),
    ],
)
async def test_setting_is_refused_and_nothing_is_written(
    api: Api, device: tuple[str, int], settings: Document, code: str, details: Document
) -> None:
    target = await api.device(*device)
    before = await api.read(target)
    answer = await api.post(f"{api.path(target)}/settings", settings)
    assert answer.failure == (422, code, details)
    assert await api.read(target) == before


async def test_partly_wrong_map_is_not_written_at_all(api: Api) -> None:
    battery = await api.device("battery")
    before = await api.read(battery)
    for wrong in ({"colour": percent(1)}, {"charge_ceiling": percent(101)}, {"charge_ceiling": kilowatts(1)}):
        answer = await api.post(f"{api.path(battery)}/settings", {**_FLOOR, **wrong})
        assert answer.status == 422
        assert await api.read(battery) == before


async def test_unknown_device_is_not_found(api: Api) -> None:
    answer = await api.post("/battery/device_nobody/settings", _FLOOR)
    assert answer.failure == (404, "DEVICE_NOT_FOUND", None)


async def test_settings_can_be_written_while_an_action_is_under_way(api: Api) -> None:
    battery = await api.device("battery")
    await api.push(battery, "charge")
    await _write(api, battery, {"charge_ceiling": percent(60)})
    await api.advance(hours=5)
    state = await api.state(battery)
    assert (state["level"], state["status"], state["currentMode"]) == (60, "idle", "charge")


async def test_raising_the_ceiling_lets_a_charge_go_on(api: Api) -> None:
    battery = await api.device("battery")
    await _write(api, battery, {"charge_ceiling": percent(60)})
    await api.push(battery, "charge", parameters={"target": percent(80)})
    await api.advance(hours=5)
    assert (await api.state(battery))["level"] == 60
    await _write(api, battery, {"charge_ceiling": percent(70)})
    state = await api.state(battery)
    assert (state["level"], state["chargeRate"]) == (60, 5)
    await api.advance(hours=5)
    assert (await api.state(battery))["level"] == 70


@pytest.mark.parametrize("name", ["discharge_floor", "safety_reserve"])
async def test_floor_limits_a_discharge_and_shows_as_its_limit(api: Api, name: str) -> None:
    battery = await api.device("battery")
    await _write(api, battery, {name: percent(35)})
    assert (await api.state(battery))["dischargeLimit"] == 35
    await api.push(battery, "discharge", parameters={"target": percent(20)})
    await api.advance(hours=5)
    assert (await api.state(battery))["level"] == 35


async def test_rate_in_amps_caps_the_power(api: Api) -> None:
    battery = await api.device("battery")
    await _write(
        api,
        battery,
        {"max_charge_rate": {"value": 50, "unit": "amps"}, "max_discharge_rate": {"value": 25, "unit": "amps"}},
    )
    await api.push(battery, "charge")
    assert (await api.state(battery))["chargeRate"] == 2.56
    await api.advance(minutes=1)
    await api.push(battery, "discharge")
    assert (await api.state(battery))["chargeRate"] == -1.28


@pytest.mark.parametrize("command", ["charge", "auto.reserve", "auto.balanced", "auto.export"])
async def test_rate_in_amps_caps_every_command(api: Api, command: str) -> None:
    battery = await api.device("battery")
    await _write(api, battery, {"max_charge_rate": {"value": 10, "unit": "amps"}})
    await api.push(battery, command)
    rates = []
    for _ in range(48):
        await api.advance(minutes=30)
        rates.append((await api.state(battery))["chargeRate"])
    assert 0 < max(rates) <= 0.512


async def test_uncommanded_battery_keeps_to_its_settings(api: Api) -> None:
    battery = await api.device("battery")
    await _write(api, battery, {"discharge_floor": percent(50), "charge_ceiling": percent(80)})
    levels = []
    for _ in range(48):
        await api.advance(minutes=30)
        levels.append((await api.state(battery))["level"])
    assert (min(levels), max(levels)) == (50, 80)


async def test_battery_without_automatic_modes_follows_its_day_after_a_setting_is_written(api: Api) -> None:
    battery = await api.device("battery", 2)
    await _write(api, battery, {"discharge_floor": percent(50)})
    levels = []
    for _ in range(48):
        await api.advance(minutes=30)
        state = await api.state(battery)
        assert state["currentMode"] == "idle"
        levels.append(state["level"])
    assert min(levels) == 50
    assert max(levels) > 89


async def test_export_limit_caps_the_export(api: Api) -> None:
    battery = await api.device("battery")
    await _write(api, battery, {"export_limit": {"value": 2000, "unit": "watts"}})
    await api.advance(hours=8)
    drawn = (await api.state(battery))["chargeRate"]
    await api.advance(hours=16)
    await api.push(battery, "auto.export")
    await api.advance(hours=8)
    assert drawn < 0
    assert (await api.state(battery))["chargeRate"] == pytest.approx(drawn - 2, abs=0.0015)


async def test_charger_keeps_to_its_setting_and_to_its_own_limit(api: Api) -> None:
    charger = await api.device("ev-charger")
    await api.push(charger, "charge")
    for wanted, delivered in ((3.6, 3.6), (22, 7.4), (0, 0)):
        await _write(api, charger, {"max_charge_rate": kilowatts(wanted)})
        state = await api.state(charger)
        assert (state["currentPower"], state["isCharging"]) == (delivered, delivered > 0)
        assert state["powerRateLimit"] == 7.4
    await _write(api, charger, {"max_charge_rate": kilowatts(5)})
    await api.advance(seconds=3)
    await api.push(charger, "idle")
    await api.advance(seconds=3)
    await api.push(charger, "charge")
    assert (await api.state(charger))["currentPower"] == 5
