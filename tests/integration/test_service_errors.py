"""What the errors of a service mean, and what they cost (design §4, errors of the service)."""

from datetime import timedelta
from itertools import cycle
import re

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Outcome, Request, Response

from .accounts import add_account
from .conftest import Advance, battery_of, devices, state_of
from .interception import LISTS, Interception, error, intercept, is_list, is_read, page
from .live import add_live_account, amps_id
from .service import Service

HOUR = timedelta(hours=1)


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account that has read its devices."""
    account = await add_live_account(hass, service)
    await pass_time(timedelta(minutes=1))
    return account


@pytest.fixture
def between(service: Service, account: ConfigEntry) -> Interception:
    """Stand between the account and its service."""
    return intercept(service)


@pytest.fixture
async def healthy_hour(between: Interception, pass_time: Advance) -> int:
    """Return how many requests an hour costs in which nothing fails."""
    await pass_time(HOUR)
    healthy = len(between.requests)
    between.requests.clear()
    return healthy


def asks_for_a_key(hass: HomeAssistant) -> bool:
    """Return whether a dialog asks for a new key."""
    return any(flow["context"]["source"] == SOURCE_REAUTH for flow in hass.config_entries.flow.async_progress())


RESET = Response(status=200, headers={}, body=b"", outcome=Outcome.IS_CUT_OFF)
FAILURES = {
    "500": error("INTERNAL_ERROR", 500),
    "reset": RESET,
    "html": page(200),
    "403": error("INSUFFICIENT_PERMISSIONS", 403),
    "403-html": page(403),
    "404": error("NOT_FOUND", 404),
    "404-html": page(404),
    "429": error("RATE_LIMIT_EXCEEDED", 429),
    "1s": error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "1"}),
    "0s": error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "0"}),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_lists_that_fail_after_a_refusal_are_not_asked_for_all_the_time(
    hass: HomeAssistant, between: Interception, healthy_hour: int, pass_time: Advance, failure: Response
) -> None:
    refused = iter([error("UNAUTHORIZED", 401)] * 5)
    between.answer = lambda request: next(refused, failure) if is_list(request) else None
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    assert not asks_for_a_key(hass)


@pytest.mark.parametrize("shift", range(3))
async def test_an_hour_of_any_mixture_of_failures_costs_less_than_a_healthy_one(
    hass: HomeAssistant, between: Interception, healthy_hour: int, pass_time: Advance, shift: int
) -> None:
    mixture = cycle([*list(FAILURES.values())[shift:], error("UNAUTHORIZED", 401), error("TIMEOUT", 504)])
    between.answer = lambda _: next(mixture)
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=31))
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    assert not asks_for_a_key(hass)


async def test_single_reads_that_all_fail_cost_less_than_those_that_succeed(
    between: Interception, healthy_hour: int, pass_time: Advance
) -> None:
    between.answer = lambda request: error("SERVICE_UNAVAILABLE", 503) if is_read(request) else None
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour


@pytest.mark.parametrize("failure", ["500", "reset", "html", "0s"])
async def test_a_set_up_that_fails_is_not_tried_all_the_time(
    hass: HomeAssistant,
    between: Interception,
    account: ConfigEntry,
    healthy_hour: int,
    pass_time: Advance,
    failure: str,
) -> None:
    between.answer = lambda _: FAILURES[failure]
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(HOUR)
    before, costs = account.state, len(between.requests)
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=6))
    assert (before, account.state) == (ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED)
    assert costs < healthy_hour


async def test_a_set_up_waits_for_as_long_as_the_service_asks(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance
) -> None:
    between.answer = lambda _: error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "1200"})
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=19))
    assert between.count() <= 5
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=3))
    assert account.state is ConfigEntryState.LOADED


# What a key may read.


async def test_a_type_that_the_key_may_not_read_concerns_that_type_alone(
    hass: HomeAssistant, between: Interception, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    battery, inverter = battery_of(hass), devices(hass, having="producing", domain="binary_sensor")[0]
    between.answer = lambda request: (
        error("INSUFFICIENT_PERMISSIONS", 403) if request.path.startswith("/battery") else None
    )
    caplog.clear()
    await pass_time(timedelta(hours=3))
    assert between.count("/battery") - between.count("/battery/") <= 4
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE
    assert caplog.text.count("the list of type Battery cannot be read") == 1
    assert not asks_for_a_key(hass)


async def test_an_account_whose_key_may_read_one_type_is_set_up(
    hass: HomeAssistant, between: Interception, account: ConfigEntry
) -> None:
    between.answer = lambda request: (
        None if request.path.startswith("/vehicle") else error("INSUFFICIENT_PERMISSIONS", 403)
    )
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.state is ConfigEntryState.LOADED
    vehicle = devices(hass, having="range")[0]
    assert float(state_of(hass, vehicle, "level")) > 0


async def test_a_key_that_may_read_nothing_for_a_while_reads_all_types_again_soon(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    between.answer = lambda request: error("INSUFFICIENT_PERMISSIONS", 403) if is_list(request) else None
    await pass_time(HOUR)
    between.answer = lambda _: None
    between.requests.clear()
    await pass_time(timedelta(minutes=17))
    assert {request.path for request in between.requests if is_list(request)} == set(LISTS)


async def test_a_list_that_alone_is_refused_casts_no_doubt_on_the_key(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    between.answer = lambda request: error("INVALID_API_KEY", 401) if request.path == "/battery" else None
    await pass_time(timedelta(hours=3))
    assert not asks_for_a_key(hass)
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    between.answer = lambda _: error("INVALID_API_KEY", 401)
    await pass_time(timedelta(minutes=20))
    assert asks_for_a_key(hass)


# Answers of others.

FOREIGN = {
    "empty": page(401, b""),
    "html": page(401),
    "json": page(401, b'{"message": "Unauthorized"}'),
    "code": error("NO_SUCH_CODE", 401),
    "403": page(403),
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
async def test_what_stands_before_amps_says_nothing_about_the_key(
    hass: HomeAssistant, between: Interception, pass_time: Advance, foreign: Response
) -> None:
    between.answer = lambda _: foreign
    await pass_time(timedelta(hours=2))
    assert not asks_for_a_key(hass)
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery_of(hass), "level")) > 0


@pytest.mark.parametrize("foreign", [page(404), page(404, b""), error("NOT_FOUND", 404), error("NO_SUCH_CODE", 404)])
async def test_only_amps_says_that_a_device_is_gone(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance, foreign: Response
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: foreign if is_read(request) else None
    await pass_time(timedelta(minutes=16))
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE

    def empty(request: Request, body: dict[str, object]) -> None:
        if is_list(request):
            body["data"] = {"items": [], "pagination": {"limit": 50, "offset": 0, "total": 0, "hasMore": False}}

    between.rewrite = empty
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(hours=2))
    assert dr.async_get(hass).async_get(battery.id) is not None


async def test_a_foreign_404_does_not_end_the_following_of_an_action(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: page(404) if request.path.startswith("/actions/") else None
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    await pass_time(timedelta(minutes=2))
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=5))
    assert state_of(hass, battery, "last_action") == "completed"


# What concerns one device.


async def test_a_manufacturer_that_limits_requests_concerns_one_device(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery, vehicle = battery_of(hass), devices(hass, having="range")[0]
    path = f"/vehicle/{amps_id(vehicle)}"
    between.answer = lambda request: error("RATE_LIMITED", 429) if request.path == path else None
    for _ in range(8):
        await pass_time(timedelta(minutes=30))
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    assert between.count(path) <= 4 * 4 + 4


async def test_lists_are_asked_once_whose_key_is_refused_by_many_devices(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance
) -> None:
    between.answer = lambda request: error("UNAUTHORIZED", 401) if is_read(request) else None
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=1))
    between.requests.clear()
    await pass_time(timedelta(hours=4))
    lists = sum(is_list(request) for request in between.requests)
    assert lists <= 5 * 16 + 2
    assert not asks_for_a_key(hass)
    issues = [issue for issue in ir.async_get(hass).issues if issue[1].startswith("relink_device")]
    assert len(issues) == 11


async def test_a_device_whose_link_is_refused_is_shown_until_its_reading_is_too_old(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    path = f"/battery/{amps_id(battery)}"
    between.answer = lambda request: error("INVALID_CREDENTIALS", 401) if request.path == path else None
    await pass_time(timedelta(minutes=14, seconds=45))
    issue = (DOMAIN, f"relink_device_{amps_id(battery)}")
    assert between.count(path) == 1
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
    assert issue not in ir.async_get(hass).issues
    await pass_time(timedelta(minutes=5))
    assert issue in ir.async_get(hass).issues
    await pass_time(timedelta(minutes=20))
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery, "level")) > 0
    assert issue not in ir.async_get(hass).issues


# Pauses.


async def test_a_pause_that_the_service_did_not_time_holds_back_nothing_that_somebody_asks_for(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: error("RATE_LIMIT_EXCEEDED", 429) if is_list(request) else None
    await pass_time(timedelta(minutes=16))
    between.requests.clear()
    await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
    assert between.count(f"/battery/{amps_id(battery)}") == 2


async def test_a_pause_that_the_service_timed_refuses_with_the_time(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: (
        error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "600"}) if is_list(request) else None
    )
    await pass_time(timedelta(minutes=15))
    between.requests.clear()
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    assert raised.value.translation_key == "command_rate_limited"
    assert re.search(r"again in 5\d\d s", str(raised.value))
    assert between.requests == []


async def test_a_list_that_asks_for_a_wait_gets_it_while_the_others_go_on(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    between.answer = lambda request: (
        error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "3600"}) if request.path == "/battery" else None
    )
    await pass_time(timedelta(minutes=65))
    paths = [request.path for request in between.requests]
    assert (paths.count("/battery"), paths.count("/hvac")) == (1, 4)


async def test_a_list_that_asks_for_a_wait_does_not_hold_up_the_others_after_an_outage(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    patient, outage = error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "7200"}), [False]
    between.answer = lambda request: (
        patient if request.path == "/battery" else page(502) if outage[0] and is_list(request) else None
    )
    await pass_time(timedelta(minutes=20))
    outage[0] = True
    await pass_time(timedelta(minutes=20))
    outage[0] = False
    between.requests.clear()
    await pass_time(timedelta(minutes=16))
    paths = [request.path for request in between.requests]
    assert "/hvac" in paths
    assert "/battery" not in paths


@pytest.mark.parametrize("path", ["/battery", "/hvac"])
async def test_a_list_that_asks_for_a_wait_does_not_hold_up_a_set_up_after_an_outage(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance, path: str
) -> None:
    patient, outage = error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "7200"}), [True]
    between.answer = lambda request: (
        patient if request.path == path else page(502) if outage[0] and is_list(request) else None
    )
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=2))
    outage[0] = False
    await pass_time(timedelta(minutes=6))
    assert account.state is ConfigEntryState.LOADED
    assert between.count(path) == 1


# The sandbox.


async def _add_sandbox(hass: HomeAssistant, service: Service, pass_time: Advance) -> Interception:
    await add_account(hass, service.url)
    await pass_time(timedelta(minutes=1))
    return intercept(service)


@pytest.mark.parametrize(
    ("code", "status"),
    [("INVALID_API_KEY", 401), ("NOT_FOUND", 404), ("DEVICE_NOT_FOUND", 404), ("DEVICE_OFFLINE", 404)],
)
async def test_in_the_sandbox_lists_decide(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    code: str,
    status: int,
) -> None:
    between = intercept(service)
    between.answer = lambda request: error(code, status) if is_read(request) else None
    await add_account(hass, service.url)
    battery = battery_of(hass)
    caplog.clear()
    for _ in range(40):
        await pass_time(timedelta(seconds=30))
        assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
        assert state_of(hass, battery, "reachable", "binary_sensor") == "on"
    assert "cannot be read" not in caplog.text
    assert not ir.async_get(hass).issues
    assert between.count(f"/battery/{amps_id(battery)}") <= 5


async def test_a_list_of_the_sandbox_that_fails_is_one_outage_and_one_gap(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    between = await _add_sandbox(hass, service, pass_time)
    battery = battery_of(hass)
    between.answer = lambda request: RESET if request.path == "/battery" else None
    shown = []
    for _ in range(65):
        await pass_time(timedelta(minutes=1))
        shown.append(state_of(hass, battery, "level") == STATE_UNAVAILABLE)
    assert shown.index(True) <= 2
    assert all(shown[2:])
    between.answer = lambda _: None
    between.requests.clear()
    await pass_time(timedelta(seconds=31))
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
    await pass_time(timedelta(minutes=1))
    assert between.count("/battery/") == 3


async def test_a_limit_on_the_read_of_one_device_costs_no_other(
    hass: HomeAssistant, service: Service, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    between = await _add_sandbox(hass, service, pass_time)
    battery, *others = devices(hass, having="level", without="range")
    path = f"/battery/{amps_id(battery)}"
    between.answer = lambda request: error("RATE_LIMIT_EXCEEDED", 429) if request.path == path else None
    for _ in range(150):
        await pass_time(timedelta(seconds=30))
        for device in others:
            assert state_of(hass, device, "level") != STATE_UNAVAILABLE
    assert between.count(path) <= 10
    assert "Error fetching" not in caplog.text
