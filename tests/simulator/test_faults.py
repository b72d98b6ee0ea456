"""Faults without a transport: responses that do not arrive, and that faults have no other effects."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator import Outcome, Request, Response, SimulatedClock, Simulator, create_simulator
from custom_components.amps.simulator.faults.kinds import FAULT_KINDS, WELL_KNOWN

_START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
_SANDBOX, _LIVE = "sk_test_faults", "sk_live_faults"
_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
_CHARGE = {"action": {"command": "charge"}}
_IDLE = {"action": {"command": "idle"}}


def _home() -> tuple[Simulator, SimulatedClock]:
    clock = SimulatedClock(_START)
    return create_simulator("showcase", seed="faults", clock=clock), clock


def _ask(simulator: Simulator, method: str, path: str, document: object = None, *, key: str = _SANDBOX) -> Response:
    body = b"" if document is None else json.dumps(document).encode()
    headers = {"x-api-key": key, "content-type": "application/json"}
    return simulator.handle(Request(method=method, path=path, query={}, headers=headers, body=body))


def _fault(simulator: Simulator, kind: str, **members: object) -> None:
    assert _ask(simulator, "POST", "/_simulator/faults", {"kind": kind, **members}).status == 200


def _battery(simulator: Simulator) -> str:
    first = json.loads(_ask(simulator, "GET", "/battery").body)["data"]["items"][0]
    return f"/battery/{first['id']}"


@pytest.mark.parametrize(
    ("kind", "members", "outcome", "delay"),
    [
        ("timeout", {}, Outcome.NEVER_COMES, 0),
        ("disconnect", {}, Outcome.IS_CUT_OFF, 0),
        ("latency", {"seconds": 12.5}, Outcome.ARRIVES, 12.5),
        ("truncated", {}, Outcome.ARRIVES, 0),
    ],
)
def test_response_has_the_outcome_of_its_transport(
    kind: str, members: Mapping[str, object], outcome: Outcome, delay: float
) -> None:
    simulator, _ = _home()
    _fault(simulator, kind, count=1, **members)
    faulty, whole = (_ask(simulator, "GET", "/battery") for _ in range(2))
    assert (faulty.outcome, faulty.delay) == (outcome, delay)
    assert (whole.outcome, whole.delay) == (Outcome.ARRIVES, 0)
    assert faulty.body == (whole.body[: len(whole.body) // 2] if kind == "truncated" else whole.body)


def test_delays_add_up_and_errors_are_delayed_as_well() -> None:
    simulator, _ = _home()
    _fault(simulator, "latency", seconds=2)
    _fault(simulator, "error", code="SERVICE_UNAVAILABLE")
    _fault(simulator, "latency", seconds=3)
    response = _ask(simulator, "GET", "/battery")
    assert (response.status, response.delay) == (503, 5)


@pytest.mark.parametrize("kind", ["timeout", "disconnect"])
@pytest.mark.parametrize("processed", [True, False])
def test_request_without_an_answer_may_have_been_processed_or_not(kind: str, *, processed: bool) -> None:
    simulator, _ = _home()
    path = _battery(simulator)
    _fault(simulator, kind, processed=processed, count=1)
    assert _ask(simulator, "POST", path, _CHARGE).outcome is not Outcome.ARRIVES
    actions = json.loads(_ask(simulator, "GET", "/actions").body)["data"]["items"]
    assert [action["command"] for action in actions] == (["charge"] if processed else [])
    mode = json.loads(_ask(simulator, "GET", path).body)["data"]["state"]["currentMode"]
    assert mode == ("charge" if processed else "auto.balanced")


def test_request_that_was_lost_asks_no_manufacturer() -> None:
    simulator, clock = _home()
    path = _battery(simulator)
    clock.advance(3600)
    _fault(simulator, "timeout", processed=False, count=1)
    _ask(simulator, "GET", path, key=_LIVE)
    log = json.loads(_ask(simulator, "GET", "/_simulator/requests").body)["data"]["items"]
    assert (log[-1]["pulled"], log[-1]["faults"]) == (False, ["fault_1"])
    again = json.loads(_ask(simulator, "GET", path, key=_LIVE).body)["data"]
    assert again["metadata"]["source"] == "live"


@pytest.mark.parametrize(
    ("identifier", "outcome"),
    [
        ("device_timeout", Outcome.NEVER_COMES),
        ("device_disconnect", Outcome.IS_CUT_OFF),
        ("device_latency", Outcome.ARRIVES),
    ],
)
def test_well_known_ids_delay_answers_too(identifier: str, outcome: Outcome) -> None:
    simulator, _ = _home()
    response = _ask(simulator, "GET", f"/battery/{identifier}")
    assert response.outcome is outcome
    assert (response.delay > 0) is (outcome is Outcome.ARRIVES)


def test_fault_does_not_apply_to_requests_without_a_key() -> None:
    simulator, _ = _home()
    for kind in ("timeout", "truncated"):
        _fault(simulator, kind)
    response = _ask(simulator, "GET", "/battery", key="")
    assert (response.status, response.outcome) == (401, Outcome.ARRIVES)
    assert json.loads(response.body)["error"]["code"] == "UNAUTHORIZED"


_EFFECTS = st.one_of(
    st.sampled_from([effect.document() for effect in {effect.kind: effect for effect in WELL_KNOWN.values()}.values()]),
    st.builds(
        lambda code, status: {"kind": "error", "code": code, "status": status},
        st.sampled_from(["UNAUTHORIZED", "RATE_LIMIT_EXCEEDED", "INTERNAL_ERROR"]),
        st.none() | st.integers(400, 599),
    ),
    st.builds(
        lambda fields: {"kind": "null_fields", "fields": fields},
        st.none() | st.lists(st.text(min_size=1, max_size=100), max_size=20),
    ),
)
_FAULTS = st.builds(
    lambda effect, match, count, duration: {
        **{name: value for name, value in effect.items() if value is not None},
        "match": match,
        **({} if count is None else {"count": count}),
        **({} if duration is None else {"durationSeconds": duration}),
    },
    _EFFECTS,
    st.sampled_from([{}, {"method": "GET"}, {"path": "/battery*"}, {"path": "/battery/*", "method": "POST"}]),
    st.none() | st.integers(1, 3),
    st.none() | st.floats(0, 1e5),
)


def test_random_faults_are_of_every_kind() -> None:
    assert {effect.kind for effect in WELL_KNOWN.values()} == set(FAULT_KINDS)


@given(st.lists(_FAULTS, max_size=4), st.lists(st.sampled_from([0.0, 5.0, 61.0, 901.0, 7200.0]), max_size=8))
@settings(max_examples=80)
def test_answers_follow_the_contract_under_any_faults(faults: list[dict[str, object]], spans: list[float]) -> None:
    simulator, clock = _home()
    path = _battery(simulator)
    for fault in faults:
        assert _ask(simulator, "POST", "/_simulator/faults", fault).status == 200, fault
    damaged = {fault["kind"] for fault in faults} & {"truncated", "invalid_json"}
    for span in [0.0, *spans]:
        clock.advance(span)
        for key in (_SANDBOX, _LIVE):
            for method, where, document in (
                ("GET", path, None),
                ("GET", "/battery", None),
                ("POST", path, _IDLE),
                ("GET", "/actions", None),
            ):
                response = _ask(simulator, method, where, document, key=key)
                assert 200 <= response.status <= 599
                if not damaged:
                    answer = json.loads(response.body)
                    assert answer["success"] is (response.status < 300)


@given(
    st.lists(_FAULTS.filter(lambda fault: "count" not in fault), max_size=3),
    st.lists(st.tuples(st.floats(0, 1e5), st.sampled_from([_CHARGE, _IDLE])), max_size=4),
    st.integers(2, 4),
)
@settings(max_examples=60)
def test_reading_more_often_changes_nothing_under_any_faults(
    faults: list[dict[str, object]], steps: list[tuple[float, Mapping[str, object]]], parts: int
) -> None:
    """One home is read all the time, the other only at the end: in the sandbox their answers have the same bytes."""
    (watched, clock), (unwatched, other_clock) = _home(), _home()
    paths = [f"/{segment}" for segment in _SEGMENTS] + [_battery(watched)]
    for fault in faults:
        for home in (watched, unwatched):
            _ask(home, "POST", "/_simulator/faults", fault)
    for seconds, document in steps:
        end = clock.now() + timedelta(seconds=seconds)
        for part in range(parts, 0, -1):
            clock.set(end - (end - clock.now()) * (part - 1) / part)
            for path in paths:
                _ask(watched, "GET", path)
        other_clock.set(clock.now())
        answers = [_ask(home, "POST", paths[-1], document) for home in (watched, unwatched)]
        assert answers[0] == answers[1]
    for path in [*paths, "/actions"]:
        assert _ask(watched, "GET", path) == _ask(unwatched, "GET", path)
