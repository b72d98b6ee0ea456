"""The tiers of live while a manufacturer fails or is asked too often (api §10)."""

from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import groupby

import pytest

from .harness import LIVE_KEY, START, Api, Document, iso

_QUARTER = timedelta(minutes=15)
_REPEATS = (1, 2, 4, 8, 15)


@pytest.fixture
def live(api: Api) -> Api:
    """Return the service with a live key."""
    api.headers = {"x-api-key": LIVE_KEY}
    return api


async def _tier(api: Api, device: Document, *, expedite: bool = False) -> tuple[str, str | None, bool, str]:
    reading = (await api.get(api.path(device), **({"expedite": "true"} if expedite else {}))).data
    return _of(reading)


def _of(reading: Document) -> tuple[str, str | None, bool, str]:
    metadata, sync = reading["metadata"], reading["sync"]
    return metadata["source"], metadata.get("cacheType"), sync["available"], sync["lastPulledAt"]


async def _pulls(api: Api, device: Document) -> int:
    items = (await api.get("/_simulator/devices")).data["items"]
    return next(int(item["pulls"]) for item in items if item["id"] == device["id"])


@pytest.mark.parametrize("segment", ["battery", "vehicle"])
async def test_live_day_with_an_outage_shows_what_the_tiers_define(live: Api, segment: str) -> None:
    """From noon to two the manufacturer has an outage.

    A client reads each device a quarter of an hour and 15 s after its last pull, and again after 1, 2, 4, 8, 15 minutes
    for as long as that does not succeed; and it lists every quarter of an hour.
    """
    device = await live.device(segment)
    midnight = datetime(2026, 6, 15, tzinfo=UTC)
    noon, two = midnight + timedelta(hours=12), midnight + timedelta(hours=14)
    agenda = [(midnight, "read"), (noon, "outage")]
    agenda += [(midnight + timedelta(seconds=30) + number * _QUARTER, "list") for number in range(96)]
    heapify(agenda)
    sources: list[str] = []
    pulled_at, repeats = START, iter(_REPEATS)
    while agenda[0][0] < midnight + timedelta(days=1):
        now, what = heappop(agenda)
        await live.set_clock(set=now.isoformat())
        if what == "outage":
            await live.add_fault("fallback", None, durationSeconds=7200)
            continue
        if what == "list":
            assert _of(await live.device(segment)) == ("cache", None, True, iso(pulled_at))
            continue
        tier = await _tier(live, device)
        sources.append(tier[0])
        if tier[0] == "live":
            assert tier == ("live", None, True, iso(now))
            pulled_at, repeats = now, iter(_REPEATS)
            wait = _QUARTER + timedelta(seconds=15)
        else:
            assert tier == ("fallback", None, False, iso(pulled_at))
            assert noon <= now < two
            wait = timedelta(minutes=next(repeats, 15))
        heappush(agenda, (now + wait, "read"))
    assert [what for _, what in agenda] == ["read"]
    assert [(source, len(list(run))) for source, run in groupby(sources)] == [
        ("live", 48),
        ("fallback", 11),
        ("live", 39),
    ]
    assert await _pulls(live, device) == len(sources)


async def test_cached_reading_is_served_during_an_outage(live: Api) -> None:
    battery = await live.device("battery")
    await live.add_fault("fallback", battery)
    await live.advance(minutes=15)
    assert await _tier(live, battery) == ("cache", "normal", True, iso(START))
    assert await _tier(live, battery, expedite=True) == ("fallback", None, False, iso(START))
    assert await _tier(live, battery) == ("cache", "normal", True, iso(START))
    await live.advance(milliseconds=1)
    assert await _tier(live, battery) == ("fallback", None, False, iso(START))
    assert _of(await live.device("battery")) == ("cache", None, True, iso(START))
    await live.send("DELETE", "/_simulator/faults")
    pulled_at = iso(START + timedelta(minutes=15, milliseconds=1))
    assert await _tier(live, battery) == ("live", None, True, pulled_at)


@pytest.mark.parametrize("code", ["NETWORK_ERROR", "RATE_LIMITED", "SERVICE_UNAVAILABLE", "TIMEOUT", "UNKNOWN_ERROR"])
async def test_transient_error_falls_back_on_stored_data(live: Api, code: str) -> None:
    battery = await live.device("battery")
    before = await live.read(battery)
    await live.add_fault("fallback", battery, code=code)
    await live.advance(hours=1)
    reading = await live.read(battery)
    assert _of(reading) == ("fallback", None, False, iso(START))
    assert reading["state"] == before["state"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("DEVICE_OFFLINE", 422),
        ("DEVICE_NOT_FOUND", 404),
        ("INVALID_CREDENTIALS", 401),
        ("INVALID_API_KEY", 401),
        ("MFA_REQUIRED", 403),
        ("ACCOUNT_LOCKED", 403),
        ("CREDENTIAL_NOT_FOUND", 404),
    ],
)
async def test_permanent_error_is_returned_once_the_cache_is_old(live: Api, code: str, status: int) -> None:
    battery, other = (await live.devices("battery"))[:2]
    await live.add_fault("offline", battery, code=code)
    assert await _tier(live, battery) == ("cache", "normal", True, iso(START))
    await live.advance(hours=1)
    assert (await live.get(live.path(battery))).failure == (status, code, None)
    assert (await live.read(other))["metadata"]["source"] == "live"
    assert _of((await live.devices("battery"))[0]) == ("cache", None, True, iso(START))


@pytest.mark.parametrize(
    ("kind", "failure"), [("fallback", (404, "DEVICE_NOT_FOUND")), ("offline", (422, "DEVICE_OFFLINE"))]
)
async def test_device_of_which_nothing_is_stored_is_not_found_unless_its_manufacturer_says_more(
    live: Api, kind: str, failure: tuple[int, str]
) -> None:
    battery = await live.device("battery")
    await live.post(f"/_simulator/devices/{battery['id']}", {"pulled": False})
    await live.add_fault(kind, battery, count=1)
    assert (await live.get(live.path(battery))).failure == (*failure, None)
    assert _of(await live.device("battery"))[3] is None
    assert await _tier(live, battery) == ("live", None, True, iso(START))


@pytest.mark.parametrize("kind", ["fallback", "offline"])
async def test_burst_of_expedited_reads_is_one_request_to_the_manufacturer(live: Api, kind: str) -> None:
    battery = await live.device("battery")
    await live.advance(minutes=5)
    await live.add_fault(kind, battery, count=1)
    path = live.path(battery)
    first = await live.get(path, expedite="true")
    for seconds in (0, 5, 4.999):
        await live.advance(seconds=seconds)
        again = await live.get(path, expedite="true")
        assert (again.status, again.document.get("data")) == (first.status, first.document.get("data"))
    assert await _pulls(live, battery) == 1
    assert [entry["pulled"] for entry in (await live.get("/_simulator/requests")).data["items"][1:]] == [
        True,
        False,
        False,
        False,
    ]
    await live.advance(milliseconds=1)
    now = iso(START + timedelta(minutes=5, seconds=10))
    assert await _tier(live, battery, expedite=True) == ("live", None, True, now)
    assert await _pulls(live, battery) == 2


async def test_normal_read_asks_even_right_after_a_failure(live: Api) -> None:
    battery = await live.device("battery")
    await live.advance(minutes=20)
    await live.add_fault("fallback", battery, count=1)
    assert (await _tier(live, battery, expedite=True))[0] == "fallback"
    assert (await _tier(live, battery))[0] == "live"


async def test_list_shows_a_failure_only_where_it_is_set_to(live: Api) -> None:
    battery = await live.device("battery")
    await live.add_fault("fallback", battery, count=1)
    await live.post("/_simulator/live", {"listsTellFallback": True})
    await live.advance(minutes=20)
    assert _of(await live.device("battery")) == ("cache", None, True, iso(START))
    assert (await _tier(live, battery))[0] == "fallback"
    assert _of(await live.device("battery")) == ("fallback", None, False, iso(START))
    await live.post("/_simulator/live", {"listsTellFallback": False})
    assert _of(await live.device("battery")) == ("cache", None, True, iso(START))
    await live.post("/_simulator/live", {"listsTellFallback": True})
    assert (await _tier(live, battery))[0] == "live"
    assert _of(await live.device("battery"))[0] == "cache"


async def test_override_shows_with_the_next_pull(live: Api) -> None:
    thermostat = await live.device("hvac")
    before = await live.state(thermostat)
    body = {"command": "heat", "parameters": {"target": {"value": 27, "unit": "celsius"}}}
    await live.post(f"/_simulator/devices/{thermostat['id']}/override", body)
    assert await live.state(thermostat) == before
    await live.advance(minutes=16)
    reading = await live.read(thermostat)
    assert (reading["state"]["mode"], reading["state"]["heatSetpoint"]) == ("heat", 27)
    assert reading["lastAction"] is None


@pytest.mark.parametrize("minutes", [0, 16])
async def test_well_known_id_shows_its_fault_at_once(live: Api, minutes: float) -> None:
    await live.advance(minutes=minutes)
    for _ in range(2):
        assert (await live.get("/battery/device_offline")).failure == (422, "DEVICE_OFFLINE", None)
        for segment in ("battery", "hvac"):
            reading = (await live.get(f"/{segment}/device_fallback")).data
            assert _of(reading) == ("fallback", None, False, iso(START))


@pytest.mark.parametrize("expedite", [False, True])
async def test_well_known_id_leaves_the_device_itself_as_it_was(live: Api, *, expedite: bool) -> None:
    battery = await live.device("battery")
    await live.post("/_simulator/live", {"listsTellFallback": True})
    await live.advance(minutes=16)
    now = iso(START + timedelta(minutes=16))
    for identifier in ("device_offline", "device_fallback", "device_null_fields"):
        await live.get(f"/battery/{identifier}", expedite="true")
    assert _of(await live.device("battery")) == ("cache", None, True, iso(START))
    assert await _pulls(live, battery) == 0
    assert await _tier(live, battery, expedite=expedite) == ("live", None, True, now)
