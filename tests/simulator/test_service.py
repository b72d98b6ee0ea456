"""The simulator as a whole, called directly."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
import json
import sys
from types import FrameType
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator import (
    Request,
    Response,
    SimulatedClock,
    Simulator,
    Timing,
    create_simulator,
    frozen_clock,
)
from custom_components.amps.simulator.devices import Device
from custom_components.amps.simulator.devices.base import CommandSpec
from custom_components.amps.simulator.devices.battery import BATTERY, FOXESS_H1

from .strategies import STEPS, Step

_START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
_HEADERS = {"x-api-key": "sk_test_service", "content-type": "application/json"}
_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


def _home(**options: Any) -> tuple[Simulator, SimulatedClock]:  # noqa: ANN401  whatever the factory takes
    clock = frozen_clock(_START)
    return create_simulator("showcase", seed="service", clock=clock, **options), clock


def _ask(simulator: Simulator, method: str, path: str, document: object = None, **query: str) -> Response:
    body = b"" if document is None else json.dumps(document).encode()
    return simulator.handle(Request(method=method, path=path, query=query, headers=_HEADERS, body=body))


def _devices(simulator: Simulator) -> list[str]:
    return [
        f"/{segment}/{item['id']}"
        for segment in _SEGMENTS
        for item in json.loads(_ask(simulator, "GET", f"/{segment}", limit="50").body)["data"]["items"]
    ]


@given(STEPS, st.floats(0, 1e6), st.integers(2, 5))
@settings(max_examples=60)
def test_splitting_a_span_of_time_changes_nothing(steps: list[Step], last: float, parts: int) -> None:
    """One home is read all the time, the other only at the end: their answers have the same bytes."""
    (watched, clock), (unwatched, other_clock) = _home(), _home()
    paths = _devices(unwatched)
    for step in [*steps, Step(seconds=last)]:
        begin = clock.now()
        for part in range(1, parts + 1):
            clock.set(max(begin + timedelta(seconds=step.seconds * part / parts), clock.now()))
            for path in paths:
                _ask(watched, "GET", path)
        other_clock.set(clock.now())
        assert step.write(watched) == step.write(unwatched)
    for path in [*paths, "/actions"]:
        assert _ask(watched, "GET", path).body == _ask(unwatched, "GET", path).body


def _calls(simulator: Simulator, path: str) -> int:
    """Return the number of function calls of a read, a measure of cost that does not depend on the machine's load."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        _ask(simulator, "GET", path)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("index", "action"),
    [
        (0, None),
        (0, {"command": "charge"}),
        (0, {"command": "auto.balanced"}),
        (0, {"command": "auto.reserve"}),
        (0, {"command": "auto.export"}),
        (0, {"command": "charge", "start": "1h", "end": "2026-06-16T00:00:00"}),
        (3, None),
        (3, {"command": "charge"}),
        (5, None),
        (5, {"command": "follow_schedule"}),
        (7, None),
        (9, None),
    ],
)
def test_year_costs_what_a_minute_costs(index: int, action: Mapping[str, object] | None) -> None:
    costs = []
    for span in (timedelta(minutes=1), timedelta(days=365)):
        simulator, clock = _home()
        path = _devices(simulator)[index]
        if action is not None:
            assert _ask(simulator, "POST", path, {"action": action}).status == 202
        _ask(simulator, "GET", path)
        if action is not None and "start" in action:
            clock.advance(timedelta(days=2))
            _ask(simulator, "GET", path)
        clock.advance(span)
        costs.append(_calls(simulator, path))
    assert costs[1] <= costs[0] * 1.1 + 2
    assert costs[0] < 200


def test_command_after_a_year_costs_what_it_costs_after_a_minute() -> None:
    costs = []
    for span in (timedelta(minutes=1), timedelta(days=365)):
        simulator, clock = _home()
        path = _devices(simulator)[0]
        _ask(simulator, "POST", path, {"action": {"command": "discharge"}})
        clock.advance(span)
        _ask(simulator, "POST", path, {"action": {"command": "auto.balanced"}})
        costs.append(_calls(simulator, path))
    assert costs[1] <= costs[0] * 1.5


@pytest.mark.parametrize(("settle", "state"), [(0, "completed"), (3, "acknowledged")])
def test_timing_can_be_chosen_on_creation(settle: float, state: str) -> None:
    simulator, _ = _home(timing=Timing(settle=timedelta(seconds=settle)))
    answer = _ask(simulator, "POST", _devices(simulator)[0], {"action": {"command": "idle"}})
    assert json.loads(answer.body)["data"]["state"] == state


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
_QUANTITIES = st.fixed_dictionaries({}, optional={"value": _JSON, "unit": _JSON, "x": _JSON}) | _JSON
_ACTIONS = st.fixed_dictionaries(
    {},
    optional={
        "command": st.sampled_from(["charge", "heat", "auto", "idle"]) | _JSON,
        "parameters": st.dictionaries(st.sampled_from(["target", "power", "reserve", "x"]), _QUANTITIES, max_size=3)
        | _JSON,
        "start": st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\Z") | st.text() | _JSON,
        "end": st.from_regex(r"\A[0-9]{1,6}(\.[0-9]{0,3})?[mhd]\Z") | st.text() | _JSON,
    },
)
_BODIES = st.one_of(
    st.binary(max_size=50),
    st.fixed_dictionaries({}, optional={"action": _ACTIONS | _JSON, "onConflict": _JSON, "sandbox": _JSON}).map(
        lambda document: json.dumps(document).encode()
    ),
    st.dictionaries(st.sampled_from(["discharge_floor", "x"]), _QUANTITIES).map(
        lambda document: json.dumps(document).encode()
    ),
)
_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=10)


@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "post", "BREW"]) | _ANY_TEXT,
    st.integers(0, 10) | _ANY_TEXT.map(lambda text: f"/{text}") | st.sampled_from(["", "/actions", "/battery"]),
    st.sampled_from(["", "/settings", "/schedule", "/cancel", "/x"]),
    st.dictionaries(st.sampled_from(["limit", "offset", "userId", "expedite"]) | _ANY_TEXT, _ANY_TEXT, max_size=2),
    _BODIES,
)
@settings(max_examples=200)
def test_any_request_is_answered_in_the_envelope(
    method: str, where: int | str, suffix: str, query: dict[str, str], body: bytes
) -> None:
    simulator, _ = _home()
    path = (where if isinstance(where, str) else _devices(simulator)[where]) + suffix
    response = simulator.handle(Request(method=method, path=path, query=query, headers=_HEADERS, body=body))
    document = json.loads(response.body)
    assert response.status in {200, 202, 400, 404, 409, 422, 501}
    assert document["success"] is (response.status < 300)
    assert set(document["meta"]) >= {"requestId", "timestamp", "latencyMs"}
    if not document["success"]:
        assert document["error"]["code"]


@given(st.sampled_from(["", "clock", "faults", "keys", "timing", "reset", "devices/x", "requests"]), _BODIES | _BODIES)
@settings(max_examples=60)
def test_any_request_to_the_control_surface_is_answered(path: str, body: bytes) -> None:
    simulator, _ = _home()
    request = Request(method="POST", path=f"/_simulator/{path}", query={}, headers=_HEADERS, body=body)
    assert simulator.handle(request).status in {200, 400, 404}


def test_headers_are_case_insensitive() -> None:
    request = Request(method="GET", path="/battery", query={}, headers={"X-Api-KEY": "sk_test_abcd"})
    assert request.header("x-api-key") == "sk_test_abcd"
    assert request.header("accept") is None
    assert _home()[0].handle(request).status == 200


class _MinimalClock:
    """A clock with the present instant only."""

    def now(self) -> datetime:
        """Return the present instant, in another time zone."""
        return _START.astimezone(timezone(timedelta(hours=2)))


def test_clock_needs_no_more_than_now() -> None:
    clock = _MinimalClock()
    simulator = create_simulator("showcase", seed="service", clock=clock)
    assert simulator.clock is clock
    assert json.loads(_ask(simulator, "GET", "/_simulator/clock").body)["data"] == {"now": "2026-06-14T08:15:30.000Z"}
    assert _ask(simulator, "POST", "/_simulator/clock", {"advance": 1}).status == 400


class _AdjustableClock:
    """A clock that a test can also set back."""

    def __init__(self) -> None:
        """Start at the same instant as the others."""
        self.instant = _START

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.instant


def test_time_stands_still_while_the_clock_is_behind() -> None:
    clock = _AdjustableClock()
    simulator = create_simulator("showcase", seed="service", clock=clock)
    path = _devices(simulator)[0]
    before = _ask(simulator, "GET", path).body
    clock.instant = _START - timedelta(hours=1)
    assert _ask(simulator, "GET", path).body == before
    assert _ask(simulator, "POST", path, {"action": {"command": "charge"}}).status == 202
    state = json.loads(_ask(simulator, "GET", path).body)["data"]["state"]
    assert state["status"] == "charging"


def test_reads_within_one_millisecond_are_the_same_bytes() -> None:
    clock = _AdjustableClock()
    simulator = create_simulator("showcase", seed="service", clock=clock)
    for path in _devices(simulator):
        clock.instant = _START + timedelta(microseconds=1001)
        first = _ask(simulator, "GET", path).body
        clock.instant = _START + timedelta(microseconds=1999)
        assert _ask(simulator, "GET", path).body == first
        clock.instant = _START


def test_immediate_push_is_not_queued_when_its_command_cannot_be_scheduled() -> None:
    """No device of the profiles declares such a command: this model is made for the test (api §15.3 #30)."""
    idle = CommandSpec(execution=("immediate",))
    model = replace(FOXESS_H1, commands={**FOXESS_H1.commands, "idle": idle})
    device = Device(id="device_x", kind=BATTERY, model=model, user_id="user_x", zone=UTC, spread=0)
    simulator = Simulator(lambda: [device], clock=frozen_clock(_START), seed=1)
    window = {"command": "charge", "start": "1h", "end": "2026-06-14T12:00:00"}
    assert _ask(simulator, "POST", "/battery/device_x", {"action": window}).status == 202
    queued = {"action": {"command": "idle"}, "onConflict": "queue_after"}
    answer = _ask(simulator, "POST", "/battery/device_x", queued)
    assert json.loads(answer.body)["error"]["code"] == "EXECUTION_NOT_SUPPORTED"
    assert json.loads(answer.body)["error"]["details"] == {
        "requestedExecution": "scheduled",
        "supportedExecution": ["immediate"],
    }
