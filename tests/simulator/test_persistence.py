"""A simulator that is saved and restored continues to the same bytes (design §8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from random import Random
import re
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator import (
    Request,
    SimulatedClock,
    Simulator,
    StateError,
    create_simulator,
    frozen_clock,
)
from custom_components.amps.simulator.home import home
from custom_components.amps.simulator.home.actions import Action, Status
from custom_components.amps.simulator.world import World

_START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
_SANDBOX, _LIVE = "sk_test_persistence", "sk_live_persistence"


@dataclass(frozen=True, slots=True)
class Account:
    """A simulator with a frozen clock."""

    simulator: Simulator
    clock: SimulatedClock

    def ask(self, method: str, path: str, document: object = None, *, key: str = _SANDBOX, **query: str) -> bytes:
        """Return the raw answer to a request."""
        headers = {"x-api-key": key, "content-type": "application/json"}
        body = b"" if document is None else json.dumps(document).encode()
        request = Request(method=method, path=path, query=query, headers=headers, body=body)
        return self.simulator.handle(request).body

    def data(self, method: str, path: str, document: object = None, *, key: str = _SANDBOX) -> Any:  # noqa: ANN401
        """Return the data of the answer."""
        answer = json.loads(self.ask(method, path, document, key=key))
        assert answer["success"] is True, answer
        return answer["data"]

    def everything(self) -> list[bytes]:
        """Return every answer that a client can get without changing anything but what live has stored."""
        answers = []
        for key in (_SANDBOX, _LIVE):
            answers += [self.ask("GET", f"/{segment}", key=key, limit="50") for segment in _SEGMENTS]
            answers += [self.ask("GET", f"/{path}", key=key) for path in _DEVICES]
            answers.append(self.ask("GET", "/actions", key=key, limit="50"))
        return [*answers, *(self.ask("GET", f"/_simulator/{name}") for name in _CONTROL)]


_CONTROL = ("devices", "keys", "timing", "faults", "live", "webhooks", "state")


def _account(
    start: datetime = _START,
    seed: str = "persistence",
    profile: str = "showcase",
    **options: Any,  # noqa: ANN401
) -> Account:
    clock = frozen_clock(start)
    return Account(create_simulator(profile, seed=seed, clock=clock, **options), clock)


def _listed(segment: str) -> list[dict[str, Any]]:
    return list(_account().data("GET", f"/{segment}")["items"])


_DEVICES = {f"{segment}/{item['id']}": item for segment in _SEGMENTS for item in _listed(segment)}
"""The readings of new devices, by path."""
_SETTINGS = {path: _account().data("GET", f"/{path}").get("settings", {}) for path in _DEVICES}
_BATTERY = next(path for path in _DEVICES if path.startswith("battery/"))


def _restored(account: Account) -> Account:
    """Return another account, restored from the saved state of this one as JSON text."""
    other = _account()
    other.simulator.restore(json.loads(json.dumps(account.simulator.save())))
    return other


def _wall_clock(instant: datetime) -> str:
    return (instant + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")


def test_state_in_a_windowed_charge_continues_to_the_same_bytes() -> None:
    account = _account()
    charge = {
        "command": "charge",
        "parameters": {"power": {"value": 1.5, "unit": "kw"}},
        "start": _wall_clock(_START + timedelta(hours=1)),
        "end": _wall_clock(_START + timedelta(hours=3)),
    }
    account.data("POST", f"/{_BATTERY}", {"action": charge})
    account.clock.advance(timedelta(hours=2, milliseconds=417))
    assert account.data("GET", f"/{_BATTERY}")["state"]["chargeRate"] == 1.5
    other = _restored(account)
    assert other.everything() == account.everything()
    for minutes in (1, 17, 41, 1, 60, 600, 1440, 525_600):
        for each in (account, other):
            each.clock.advance(timedelta(minutes=minutes))
        assert other.everything() == account.everything()


def test_state_with_a_slowly_acknowledged_window_continues_to_the_same_bytes() -> None:
    account = _account()
    account.data("POST", "/_simulator/faults", {"kind": "slow_acknowledgement", "seconds": 7200, "count": 1})
    charge = {"command": "charge", "start": "30m", "end": _wall_clock(_START + timedelta(hours=1))}
    account.data("POST", f"/{_BATTERY}", {"action": charge})
    account.clock.advance(timedelta(hours=2))
    discharge = {"action": {"command": "discharge"}, "onConflict": "queue_after"}
    assert account.data("POST", f"/{_BATTERY}", discharge)["start"] == "2026-06-14T11:15:30.000Z"
    other = _restored(account)
    for minutes in (0, 59, 2, 30, 600):
        for each in (account, other):
            each.clock.advance(timedelta(minutes=minutes))
        assert other.everything() == account.everything()


type Change = Callable[[Account], object]


def _quantities(declared: Mapping[str, Any], share: float) -> dict[str, object]:
    return {
        name: {"value": round(spec["min"] + share * (spec["max"] - spec["min"]), 3), "unit": spec["unit"]}
        for name, spec in declared.items()
        if "min" in spec
    }


def _push(chances: Random, begin: int | None, strategy: str | None) -> Change:
    """Push any declared command, with any declared parameters, now or in some minutes."""
    path, item = chances.choice([(path, item) for path, item in _DEVICES.items() if "commands" in item])
    name = chances.choice(list(item["commands"]))
    declared = item["commands"][name]
    action: dict[str, object] = {"command": name, "parameters": _quantities(declared["parameters"], chances.random())}
    body = {"action": action} | ({} if strategy is None else {"onConflict": strategy})

    def change(account: Account) -> object:
        if begin is not None:
            start = account.clock.now() + timedelta(minutes=begin)
            action["start"] = _wall_clock(start)
            if "windowed" in declared["execution"]:
                action["end"] = _wall_clock(start + timedelta(minutes=90))
        return account.ask("POST", f"/{path}", body)

    return change


def _write_settings(chances: Random) -> Change:
    path, item = chances.choice([(path, item) for path, item in _SETTINGS.items() if item])
    body = _quantities(item, chances.random())
    return lambda account: account.ask("POST", f"/{path}/settings", body)


def _override(chances: Random) -> Change:
    path = f"/_simulator/devices/{_BATTERY.split('/')[1]}/override"
    body = {"command": chances.choice(["idle", "charge", "auto.export"])}
    return lambda account: account.ask("POST", path, body)


def _cancel_newest(account: Account) -> object:
    answer = json.loads(account.ask("GET", "/actions", state="scheduled"))
    actions = answer["data"]["items"] if answer["success"] else []
    return [account.ask("POST", f"/actions/{action['id']}/cancel") for action in actions[:1]]


def _presence(chances: Random) -> Change:
    path = f"/_simulator/devices/{chances.choice(list(_DEVICES)).split('/')[1]}"
    body = {"present": chances.random() < 0.5}
    return lambda account: account.ask("POST", path, body)


def _fault(document: Mapping[str, object]) -> Change:
    return lambda account: account.ask("POST", "/_simulator/faults", document)


def _wait(hours: float) -> Change:
    """Advance by whole milliseconds, the resolution of a saved state."""
    span = timedelta(milliseconds=round(hours * 3_600_000))
    return lambda account: account.clock.advance(span)


_CHANCES = st.builds(Random, st.integers(0, 10_000))
_STEPS = st.one_of(
    st.builds(
        _push,
        _CHANCES,
        st.one_of(st.none(), st.integers(1, 600)),
        st.sampled_from([None, "cancel_and_replace", "queue_after"]),
    ),
    st.builds(_write_settings, _CHANCES),
    st.builds(_override, _CHANCES),
    st.just(_cancel_newest),
    st.builds(_presence, _CHANCES),
    st.builds(
        _fault,
        st.sampled_from(
            [
                {"kind": "error", "code": "INTERNAL_ERROR", "count": 3, "match": {"path": "/hvac*"}},
                {"kind": "fallback", "durationSeconds": 3600},
                {"kind": "offline", "match": {"path": "/vehicle/*"}},
                {"kind": "failed_action", "count": 1},
                {"kind": "silent_refusal", "count": 1},
                {"kind": "null_fields", "match": {"path": "/solar-inverter*"}},
            ]
        ),
    ),
    st.builds(_wait, st.one_of(st.floats(0, 5), st.sampled_from([0.001, 24.0, 8760.0]))),
)


@settings(max_examples=40, deadline=None)
@given(before=st.lists(_STEPS, max_size=8), after=st.lists(_STEPS, max_size=4))
def test_any_state_continues_to_the_same_bytes(before: list[Change], after: list[Change]) -> None:
    account = _account()
    for change in before:
        change(account)
    other = _restored(account)
    assert other.everything() == account.everything()
    for change in after:
        assert change(other) == change(account)
        assert other.everything() == account.everything()
    for hours in (0.3, 7, 24, 9000):
        for each in (account, other):
            each.clock.advance(timedelta(hours=hours))
        assert other.everything() == account.everything()


def _readings(account: Account) -> list[bytes]:
    """Return every reading, in either environment; in live the single reads ask the manufacturer."""
    paths = [*(f"/{segment}" for segment in _SEGMENTS), *(f"/{path}" for path in _DEVICES)]
    return [account.ask("GET", path, key=key) for key in (_SANDBOX, _LIVE) for path in paths]


def _post(path: str, document: object, *, key: str = _SANDBOX) -> Change:
    return lambda account: account.ask("POST", path, document, key=key)


_CHARGER, _VEHICLE = (
    next(path for path in _DEVICES if path.startswith(f"{type_}/")) for type_ in ("ev-charger", "vehicle")
)


def _named(path: str) -> str:
    return path.partition("/")[0]


_OFTEN = st.one_of(
    st.builds(
        lambda path, command: _post(f"/{path}", {"action": {"command": command}}),
        st.sampled_from([_BATTERY, _CHARGER]),
        st.sampled_from(["charge", "idle"]),
    ),
    st.builds(
        lambda value: _post(f"/{_CHARGER}/settings", {"max_charge_rate": {"value": value, "unit": "kw"}}),
        st.integers(1, 7),
    ),
    st.builds(lambda path: lambda account: account.ask("GET", f"/{path}", key=_LIVE), st.sampled_from(list(_DEVICES))),
    st.just(_fault({"kind": "fallback", "durationSeconds": 3600})),
    st.builds(_wait, st.sampled_from([0.1, 0.3, 1.0])),
)
"""Frequent changes of a few devices."""


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(_OFTEN | _STEPS, max_size=30))
def test_folding_does_not_change_readings(steps: list[Change]) -> None:
    """What live has stored, and the state when a fault was made, can still be read."""
    folded, whole = _account(), _account()
    for change in steps:
        with patch.object(home, "KEPT_ACTIONS", 1):
            answer = change(folded)
        with patch.object(World, "fold"):
            assert change(whole) == answer
    assert _readings(folded) == _readings(whole)
    for hours in (0, 0.3, 7, 24, 9000):
        for each in (folded, whole):
            each.clock.advance(timedelta(hours=hours))
        assert _readings(folded) == _readings(whole)


@pytest.mark.parametrize(
    ("commanded", "read"), [(_BATTERY, _BATTERY), (_CHARGER, _CHARGER), (_CHARGER, _VEHICLE)], ids=_named
)
def test_stored_live_reading_is_kept_by_folding(commanded: str, read: str) -> None:
    account = _account(_START + timedelta(hours=13))
    for command in ("charge", "idle", "charge"):
        account.clock.advance(1800)
        account.data("POST", f"/{commanded}", {"action": {"command": command}})
    account.clock.advance(1800)
    stored = account.data("GET", f"/{read}", key=_LIVE)["state"]
    for command in ("idle", "charge", "idle"):
        account.clock.advance(600)
        account.data("POST", f"/{commanded}", {"action": {"command": command}})
    segment = read.partition("/")[0]
    for each in (account, _restored(account)):
        assert stored in [item["state"] for item in each.data("GET", f"/{segment}", key=_LIVE)["items"]]


def test_reading_under_a_fallback_is_kept_by_folding() -> None:
    account = _account()
    for chances in map(Random, range(3)):
        account.clock.advance(1800)
        _override(chances)(account)
    account.clock.advance(1800)
    shown = account.data("GET", f"/{_BATTERY}")["state"]
    account.data("POST", "/_simulator/faults", {"kind": "fallback"})
    for chances in map(Random, range(3)):
        account.clock.advance(1800)
        _override(chances)(account)
    for each in (account, _restored(account)):
        assert each.data("GET", f"/{_BATTERY}")["state"] == shown


def _push_often(account: Account, times: int, span: timedelta) -> list[str]:
    """Push charge and automatic mode in turn, so often over a span, and return the ids of the actions."""
    made = []
    for number in range(times):
        command = "charge" if number % 2 else "auto.balanced"
        made.append(account.data("POST", f"/{_BATTERY}", {"action": {"command": command}})["id"])
        account.clock.advance(span / times)
    return made


def test_commands_of_a_year_are_kept_in_bounded_space() -> None:
    """The last 200 ended actions stay; earlier ones are folded into the state of the device (design §8)."""
    account = _account()
    made = _push_often(account, 2000, timedelta(days=365))
    saved = json.dumps(account.simulator.save())
    assert [log_entry["action"]["id"] for log_entry in json.loads(saved)["log"]] == made[-200:]
    assert len(saved) < 100_000
    listed = account.data("GET", "/actions")
    assert (listed["pagination"]["total"], listed["items"][0]["id"]) == (200, made[-1])
    assert b"NOT_FOUND" in account.ask("GET", f"/actions/{made[0]}")
    assert account.data("GET", f"/actions/{made[-200]}")["state"] == "completed"
    other = _restored(account)
    assert other.everything() == account.everything()
    again = {each.data("POST", f"/{_BATTERY}", {"action": {"command": "idle"}})["id"] for each in (account, other)}
    assert len(again) == 1
    assert not again & set(made)


def test_settings_and_overrides_of_a_year_are_kept_in_bounded_space() -> None:
    account = _account()
    sizes = []
    for _ in range(3):
        for number in range(200):
            account.data(
                "POST", f"/{_BATTERY}/settings", {"discharge_floor": {"value": number % 50, "unit": "percent"}}
            )
            _override(Random(number))(account)  # noqa: S311  no secret
            account.clock.advance(timedelta(hours=1))
        sizes.append(len(json.dumps(account.simulator.save())))
    assert max(sizes) - min(sizes) < 100
    assert _restored(account).everything() == account.everything()


def test_push_checks_no_more_actions_after_many_than_after_few(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = 0
    status = Action.status

    def counted(action: Action, now: datetime) -> Status:
        nonlocal checks
        checks += 1
        return status(action, now)

    monkeypatch.setattr(Action, "status", counted)
    account = _account()
    counts = []
    for _ in range(3):
        _push_often(account, 300, timedelta(days=10))
        checks = 0
        _push_often(account, 1, timedelta(minutes=1))
        counts.append(checks)
    assert counts == [counts[0]] * 3
    assert counts[0] < 10


def test_open_actions_are_kept_however_many_there_are() -> None:
    account = _account()
    window = {"command": "charge", "start": "30m", "end": _wall_clock(_START + timedelta(hours=1))}
    made = [account.data("POST", f"/{_BATTERY}", {"action": window})["id"]]
    for number in range(1, 300):
        end = _wall_clock(_START + timedelta(hours=1, minutes=number))
        body = {"action": {**window, "end": end}, "onConflict": "queue_after"}
        made.append(account.data("POST", f"/{_BATTERY}", body)["id"])
    assert account.data("GET", "/actions")["pagination"]["total"] == 300
    account.clock.advance(timedelta(days=1))
    assert account.data("GET", f"/actions/{made[0]}")["state"] == "completed"
    _push_often(account, 1, timedelta(minutes=1))
    assert account.data("GET", "/actions")["pagination"]["total"] == 201
    assert _restored(account).everything() == account.everything()


def test_action_whose_window_is_open_is_kept_although_it_has_ended() -> None:
    account = _account()
    account.data("POST", "/_simulator/timing", {"windowsSettle": True})
    window = {"command": "charge", "start": "1m", "end": _wall_clock(_START + timedelta(hours=2))}
    account.data("POST", f"/{_BATTERY}", {"action": window})
    with patch.object(home, "KEPT_ACTIONS", 1):
        for _ in range(4):
            account.clock.advance(600)
            body = {"action": {"command": "discharge"}, "sandbox": {"outcome": "failed"}}
            account.data("POST", f"/{_BATTERY}", body)
        other = _restored(account)
    for each in (account, other):
        assert each.data("GET", f"/{_BATTERY}")["state"]["currentMode"] == "charge"
        each.clock.advance(timedelta(hours=2))
        assert each.data("GET", f"/{_BATTERY}")["state"]["currentMode"] == "idle"


def test_captured_state_does_not_change_with_later_commands() -> None:
    account = _account()
    _push_often(account, 3, timedelta(hours=1))
    account.data("POST", "/_simulator/keys", {"key": _LIVE, "state": "expired"})
    saved, captured = json.dumps(account.simulator.save()), account.simulator.capture()
    for change in _some_commands():
        change(account)
    account.data("POST", "/_simulator/keys", {"key": _LIVE, "state": "active"})
    account.data("POST", "/_simulator/live", {"enabled": False})
    account.data("POST", "/_simulator/timing", {"settleSeconds": 1})
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test"})
    account.clock.advance(timedelta(days=1))
    account.everything()
    assert json.dumps(captured()) == saved


def test_state_saved_without_folding_is_restored() -> None:
    """As the first version saved homes: with the whole log, and without stages reached."""
    account = _account()
    device_id = _BATTERY.split("/")[1]
    account.data("POST", f"/{_BATTERY}/settings", {"discharge_floor": {"value": 30, "unit": "percent"}})
    account.clock.advance(timedelta(hours=1))
    account.data("POST", f"/{_BATTERY}", {"action": {"command": "discharge"}})
    account.clock.advance(timedelta(hours=9))
    document = json.loads(json.dumps(account.simulator.save()))
    del document["reached"], document["actions"]
    adjusted = {"device_id": device_id, "at": _START.isoformat(), "values": {"discharge_floor": 30}}
    document["log"].insert(0, {"tuned": adjusted})
    other = _account()
    other.simulator.restore(document)
    assert other.everything() == account.everything()


def _some_commands() -> list[Change]:
    chances = Random(7)  # noqa: S311  no secret
    pushes = [_push(chances, begin, None) for begin in (30, None, 45, 60)]
    fault = _fault({"kind": "offline", "durationSeconds": 10})
    return [*pushes, _write_settings(chances), _override(chances), _cancel_newest, fault, _presence(chances)]


def test_what_is_restored_is_saved_the_same() -> None:
    account = _account()
    for change in (*_some_commands(), _wait(1)):
        change(account)
    account.ask("POST", "/_simulator/keys", {"key": _SANDBOX, "state": "read_only"})
    account.ask("POST", "/_simulator/timing", {"settleSeconds": 0.25, "windowsSettle": True})
    account.ask("POST", "/_simulator/live", {"allTypesPushable": True})
    saved = account.simulator.save()
    assert _restored(account).simulator.save() == saved
    assert _SANDBOX not in json.dumps(saved)


def test_keys_faults_and_timing_are_restored() -> None:
    account = _account()
    account.ask("POST", "/_simulator/keys", {"key": _LIVE, "state": "revoked"})
    account.ask("POST", "/_simulator/faults", {"kind": "error", "code": "TIMEOUT", "count": 2})
    account.ask("POST", "/_simulator/timing", {"settleSeconds": 60})
    assert b"TIMEOUT" in account.ask("GET", "/battery")
    other = _restored(account)
    assert b"INVALID_API_KEY" in other.ask("GET", "/battery", key=_LIVE)
    assert b"TIMEOUT" in other.ask("GET", "/battery")
    assert b"TIMEOUT" not in other.ask("GET", "/battery")
    assert other.data("GET", "/_simulator/timing")["settleSeconds"] == 60
    assert other.data("POST", "/_simulator/faults", {"kind": "error", "code": "TIMEOUT"})["id"] == "fault_2"


def test_action_ids_are_not_used_again_after_a_reset_nor_after_a_restore() -> None:
    account = _account()
    ids: set[str] = set()
    for _ in range(3):
        ids.add(account.data("POST", f"/{_BATTERY}", {"action": {"command": "charge"}})["id"])
        account.ask("POST", "/_simulator/reset")
    other = _restored(account)
    for each in (account, other):
        ids.add(each.data("POST", f"/{_BATTERY}", {"action": {"command": "charge"}})["id"])
    assert len(ids) == 4


def test_fault_whose_time_is_over_is_removed() -> None:
    account = _account()
    for seconds in (10, 20):
        account.data("POST", "/_simulator/faults", {"kind": "truncated", "durationSeconds": seconds})
    account.clock.advance(10)
    assert account.data("GET", "/_simulator/state")["faults"]["faults"].keys() == {"fault_2"}
    account.clock.advance(10)
    assert not account.data("GET", "/_simulator/state")["faults"].get("faults")
    assert account.data("POST", "/_simulator/faults", {"kind": "truncated"})["id"] == "fault_3"


def test_undelivered_messages_are_saved() -> None:
    account = _account()
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test"})
    account.data("POST", f"/{_BATTERY}", {"action": {"command": "charge"}})
    early = _restored(account)
    for each in (account, early):
        each.clock.advance(3)
    (delivery,) = account.simulator.deliveries()
    (same,) = early.simulator.deliveries()
    assert (same.url, same.headers, same.body) == (delivery.url, delivery.headers, delivery.body)
    on_its_way = _restored(account)
    (again,) = on_its_way.simulator.deliveries()
    assert again.headers == delivery.headers
    account.simulator.record_result(delivery, 500)
    patient = _restored(account)
    assert patient.simulator.deliveries() == []
    patient.clock.advance(1)
    (retry,) = patient.simulator.deliveries()
    assert (retry.message.message_id, retry.message.attempt) == (delivery.message.message_id, 2)


def test_clock_moves_forward_to_the_saved_instant_and_never_back() -> None:
    account = _account()
    account.clock.advance(3600)
    assert _restored(account).clock.now() == _START + timedelta(hours=1)
    later = _account(_START + timedelta(days=1))
    later.simulator.restore(account.simulator.save())
    assert later.clock.now() == _START + timedelta(days=1)


def test_clock_before_the_epoch_counts_as_at_the_epoch() -> None:
    account, later = _account(datetime(1950, 1, 1, tzinfo=UTC)), _account()
    later.simulator.restore(account.simulator.save())
    assert account.data("GET", f"/{_BATTERY}")["sync"]["lastPulledAt"] == "1970-01-01T00:00:00.000Z"


def test_log_of_requests_is_not_saved() -> None:
    account = _account()
    account.ask("GET", "/battery")
    assert _restored(account).data("GET", "/_simulator/requests") == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "document", [None, [], "state", 1, {}, {"version": 2}, {"version": 1}, {"version": 1, "home": 3}]
)
def test_foreign_document_is_refused(document: object) -> None:
    account = _account()
    with pytest.raises(StateError):
        account.simulator.restore(document)


def test_state_of_another_home_is_refused() -> None:
    for other in (_account(seed="other"), _account(profile="large_home"), _account(profile="fleet", device_count=11)):
        with pytest.raises(StateError, match="home"):
            other.simulator.restore(_account().simulator.save())


_JUNK = st.sampled_from([None, True, -1, 1e300, 7.5, "", "junk", "2026-06-14T08:15:30", [], [None], {}, {"kind": "x"}])


def _places(document: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value in a document."""
    members: list[tuple[str | int, object]] = []
    if isinstance(document, dict):
        members = list(document.items())
    elif isinstance(document, list):
        members = list(enumerate(document))
    return [path, *(place for name, member in members for place in _places(member, (*path, name)))]


def test_state_of_an_earlier_version_is_restored_and_saved_with_the_same_names() -> None:
    """Users have such documents: names of fields may change here, but not there."""
    document = json.loads(Path(__file__).with_name("saved_before.json").read_text())
    spelled = set(re.findall(r'"(\w+)": ', json.dumps(document)))
    assert spelled >= {
        "directive",
        "tuned",
        "overridden",
        "governor",
        "letters",
        "message",
        "held",
        "mischief",
        "mischief_left",
    }

    account = _account(seed="before")
    account.simulator.restore(document)

    assert json.loads(json.dumps(account.simulator.save())) == document


def _full_state() -> Any:  # noqa: ANN401  a JSON document
    account = _account()
    for change in _some_commands():
        change(account)
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test", "mischief": {"reorder": True}})
    account.clock.advance(60)
    account.everything()
    for kind in ("offline", "fallback"):
        account.data("POST", "/_simulator/faults", {"kind": kind, "match": {"path": "/vehicle/*"}})
    return json.loads(json.dumps(account.simulator.save()))


_STATE = _full_state()
_STATE_PLACES = _places(_STATE)


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(_STATE_PLACES), junk=_JUNK, remove=st.booleans())
def test_broken_document_is_refused_or_does_no_harm(place: tuple[str | int, ...], junk: object, remove: bool) -> None:
    """With any value in any place: either nothing changes, or the home continues and answers everything."""
    _check_that_it_does_no_harm(_changed(place, junk, remove=remove))


def _changed(place: tuple[str | int, ...], junk: object, *, remove: bool = False) -> object:
    """Return the state with another value in a place, or without the one there."""
    document = json.loads(json.dumps(_STATE))
    if not place:
        return junk
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    if remove:
        del holder[place[-1]]
    else:
        holder[place[-1]] = junk
    return document


def _check_that_it_does_no_harm(document: object) -> None:
    account = _account()
    pristine = account.everything()
    try:
        account.simulator.restore(document)
    except StateError:
        assert account.everything() == pristine
        return
    for answer in account.everything():
        assert json.loads(answer)["meta"]["requestId"]
    account.clock.advance(timedelta(days=2))
    assert all(json.loads(answer)["meta"]["requestId"] for answer in account.everything())
    for delivery in account.simulator.deliveries():
        account.simulator.record_result(delivery, None)


def _value(place: tuple[str | int, ...]) -> object:
    value = _STATE
    for step in place:
        value = value[step]
    return value


_INSTANTS = [place for place in _STATE_PLACES if str(_value(place)).startswith("2026-")]
"""The places of instants in the state."""


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_instant_beyond_all_clocks_is_refused(instant: str) -> None:
    assert {place[0] for place in _INSTANTS} >= {"at", "live", "faults", "outbox", "log"}
    for place in _INSTANTS:
        with pytest.raises(StateError):
            _account().simulator.restore(_changed(place, instant))


@pytest.mark.parametrize("instant", ["1970-01-01T00:00:00+00:00", "2199-12-31T23:00:00+00:00", None])
@pytest.mark.parametrize("part", ["live", "faults"])
def test_instant_of_a_possible_clock_does_no_harm(part: str, instant: str | None) -> None:
    for place in _INSTANTS:
        if place[0] == part:
            _check_that_it_does_no_harm(_changed(place, instant))


@pytest.mark.parametrize("number", [2, 3])
def test_fault_without_its_code_is_refused(number: int) -> None:
    place = ("faults", "faults", f"fault_{number}", "effect", "options", "code")
    assert _value(place) in ("DEVICE_OFFLINE", "NETWORK_ERROR")
    with pytest.raises(StateError):
        _account().simulator.restore(_changed(place, None))
