"""The profiles of simulated homes."""

from collections import Counter
from datetime import UTC, datetime
import json
import time
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from custom_components.amps.simulator import PROFILES, Request, Simulator, create_simulator, frozen_clock
from custom_components.amps.simulator.server.program import main

_CLOCK = frozen_clock(datetime(2026, 6, 14, 12, tzinfo=UTC))
_HEADERS = {"x-api-key": "sk_test_profiles", "content-type": "application/json"}


def _get(simulator: Simulator, path: str, **query: str) -> dict[str, list[dict[str, str]]]:
    response = simulator.handle(Request(method="GET", path=path, query=query, headers=_HEADERS))
    data: dict[str, list[dict[str, str]]] = json.loads(response.body)["data"]
    return data


def _states(simulator: Simulator, path: str) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", item["state"]) for item in _get(simulator, path, limit="50")["items"]]


def _ids(simulator: Simulator) -> list[str]:
    return [item["id"] for item in _get(simulator, "/_simulator/devices")["items"]]


def _types(simulator: Simulator) -> Counter[str]:
    return Counter(item["deviceType"] for item in _get(simulator, "/_simulator/devices")["items"])


def test_profiles_have_their_names() -> None:
    assert PROFILES == ("home", "showcase", "large_home", "fleet")


def test_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="castle"):
        create_simulator("castle", seed=1, clock=_CLOCK)


@pytest.mark.parametrize(("profile", "count"), [("home", 5), ("showcase", 11), ("large_home", 50), ("fleet", 1000)])
def test_profile_has_its_number_of_devices(profile: str, count: int) -> None:
    types = _types(create_simulator(profile, seed=1, clock=_CLOCK))
    assert types.total() == count
    assert len(types) == 5


def test_home_is_one_household_with_the_vehicle_on_its_charger() -> None:
    """Battery, charger, thermostat, inverter, vehicle: charger and vehicle report the same connection and power."""
    clock = frozen_clock(datetime(2026, 6, 14, 0, tzinfo=UTC))
    simulator = create_simulator("home", seed=1, clock=clock)
    items = _get(simulator, "/_simulator/devices")["items"]
    assert [item["deviceType"] for item in items] == ["battery", "ev_charger", "hvac", "solar_inverter", "vehicle"]
    assert len({item["userId"] for item in items}) == 1
    seen = set()
    for _ in range(24):
        clock.advance(3600)
        charger, vehicle = (_states(simulator, f"/{segment}")[0] for segment in ("ev-charger", "vehicle"))
        assert charger["isConnected"] is vehicle["plugged"]
        assert charger["currentPower"] == vehicle["chargeRate"]
        seen.add(vehicle["plugged"])
    assert seen == {True, False}


_LEVELS = {
    "/battery": "level",
    "/ev-charger": "currentPower",
    "/hvac": "temperature",
    "/solar-inverter": "currentPower",
    "/vehicle": "batteryLevel",
}


@pytest.mark.parametrize("path", _LEVELS)
def test_devices_of_one_type_differ_by_seed_reproducibly(path: str) -> None:
    clock = frozen_clock(datetime(2026, 6, 14, 7, 30, tzinfo=UTC))
    shown, again = (
        [state[_LEVELS[path]] for state in _states(create_simulator("large_home", seed=seed, clock=clock), path)]
        for seed in (1, 1)
    )
    assert shown == again
    assert len(set(shown)) >= len(shown) / 2


@pytest.mark.parametrize("count", [1, 7, 2345])
def test_number_of_devices_can_be_chosen(count: int) -> None:
    types = _types(create_simulator("fleet", seed=1, clock=_CLOCK, device_count=count))
    assert types.total() == count
    assert max(types.values()) - min(types.values()) <= 1


def test_profile_with_a_fixed_number_of_devices_refuses_another(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="number of devices"):
        create_simulator("home", seed=1, clock=_CLOCK, device_count=11)
    with pytest.raises(SystemExit):
        main(["--devices", "11"])
    assert "--devices: only for --profile large_home or fleet" in capsys.readouterr().err


def test_same_seed_makes_the_same_home_and_another_seed_another() -> None:
    first, again, other = (_ids(create_simulator("fleet", seed=seed, clock=_CLOCK)) for seed in ("a", "a", "b"))
    assert first == again
    assert not set(first) & set(other)
    assert not {identifier[:-4] for identifier in first} & {identifier[:-4] for identifier in other}


def test_number_as_a_seed_is_its_digits() -> None:
    assert _ids(create_simulator(seed=42, clock=_CLOCK)) == _ids(create_simulator(seed="42", clock=_CLOCK))


def test_ids_are_unique_to_their_last_four_characters() -> None:
    ids = _ids(create_simulator("fleet", seed="unique", clock=_CLOCK, device_count=10_000))
    assert len({identifier[-4:] for identifier in ids}) == len(ids)


def test_larger_fleet_keeps_the_ids_of_a_smaller_one() -> None:
    small, large = (_ids(create_simulator("fleet", seed=1, clock=_CLOCK, device_count=n)) for n in (50, 500))
    assert large[:50] == small


def test_fleet_has_many_users_with_ten_devices_each() -> None:
    devices = _get(create_simulator("fleet", seed=1, clock=_CLOCK), "/_simulator/devices")["items"]
    assert set(Counter(item["userId"] for item in devices).values()) == {10}


def test_zone_of_the_plants_can_be_chosen() -> None:
    simulator = create_simulator("showcase", seed=1, clock=_CLOCK, zone=ZoneInfo("America/New_York"))
    battery = _get(simulator, "/battery")["items"][0]["id"]
    body = b'{"action": {"command": "idle", "start": "2026-06-14T22:00:00"}}'
    request = Request(method="POST", path=f"/battery/{battery}", query={}, headers=_HEADERS, body=body)
    assert json.loads(simulator.handle(request).body)["data"]["start"] == "2026-06-15T02:00:00.000Z"


def test_fleet_of_ten_thousand_is_made_at_once() -> None:
    begin = time.process_time()
    simulator = create_simulator("fleet", seed=1, clock=_CLOCK, device_count=10_000)
    assert _get(simulator, "/battery", limit="50", offset="1950")["items"]
    assert time.process_time() - begin < 3
