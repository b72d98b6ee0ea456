"""Folding the log into the state of the devices (design §8)."""

from datetime import datetime, timedelta
import json
from random import Random
from unittest.mock import patch

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.home import home
from custom_components.amps.simulator.home.actions import Action, Status
from custom_components.amps.simulator.world import World

from .account import BATTERY, DEVICES, LIVE, SANDBOX, SEGMENTS, START, Account, new_account, restored, wall_clock
from .changes import CHANGES, Change, add_fault, override, push_often, wait


def _readings(account: Account) -> list[bytes]:
    """Return every reading, in either environment; in live the single reads ask the manufacturer."""
    paths = [*(f"/{segment}" for segment in SEGMENTS), *(f"/{path}" for path in DEVICES)]
    return [account.ask("GET", path, key=key) for key in (SANDBOX, LIVE) for path in paths]


def _post(path: str, document: object, *, key: str = SANDBOX) -> Change:
    return lambda account: account.ask("POST", path, document, key=key)


_CHARGER, _VEHICLE = (
    next(path for path in DEVICES if path.startswith(f"{type_}/")) for type_ in ("ev-charger", "vehicle")
)


def _named(path: str) -> str:
    return path.partition("/")[0]


_OFTEN = st.one_of(
    st.builds(
        lambda path, command: _post(f"/{path}", {"action": {"command": command}}),
        st.sampled_from([BATTERY, _CHARGER]),
        st.sampled_from(["charge", "idle"]),
    ),
    st.builds(
        lambda value: _post(f"/{_CHARGER}/settings", {"max_charge_rate": {"value": value, "unit": "kw"}}),
        st.integers(1, 7),
    ),
    st.builds(lambda path: lambda account: account.ask("GET", f"/{path}", key=LIVE), st.sampled_from(list(DEVICES))),
    st.just(add_fault({"kind": "fallback", "durationSeconds": 3600})),
    st.builds(wait, st.sampled_from([0.1, 0.3, 1.0])),
)
"""Frequent changes of a few devices."""


@settings(max_examples=100)
@given(steps=st.lists(_OFTEN | CHANGES, max_size=30))
def test_folding_does_not_change_readings(steps: list[Change]) -> None:
    """What live has stored, and the state when a fault was action_ids, can still be read."""
    folded, whole = new_account(), new_account()
    for each in (folded, whole):
        # With a lag a summary in live needs the action before the one that is kept here; of 200 it is one of them.
        each.data("POST", "/_simulator/timing", {"liveLagSeconds": 0})
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
    ("commanded", "read"), [(BATTERY, BATTERY), (_CHARGER, _CHARGER), (_CHARGER, _VEHICLE)], ids=_named
)
def test_stored_live_reading_is_kept_by_folding(commanded: str, read: str) -> None:
    account = new_account(START + timedelta(hours=13))
    for command in ("charge", "idle", "charge"):
        account.clock.advance(1800)
        account.data("POST", f"/{commanded}", {"action": {"command": command}})
    account.clock.advance(1800)
    stored = account.data("GET", f"/{read}", key=LIVE)["state"]
    for command in ("idle", "charge", "idle"):
        account.clock.advance(600)
        account.data("POST", f"/{commanded}", {"action": {"command": command}})
    segment = read.partition("/")[0]
    for each in (account, restored(account)):
        assert stored in [item["state"] for item in each.data("GET", f"/{segment}", key=LIVE)["items"]]


def test_reading_under_a_fallback_is_kept_by_folding() -> None:
    account = new_account()
    for chances in map(Random, range(3)):
        account.clock.advance(1800)
        override(chances)(account)
    account.clock.advance(1800)
    shown = account.data("GET", f"/{BATTERY}")["state"]
    account.data("POST", "/_simulator/faults", {"kind": "fallback"})
    for chances in map(Random, range(3)):
        account.clock.advance(1800)
        override(chances)(account)
    for each in (account, restored(account)):
        assert each.data("GET", f"/{BATTERY}")["state"] == shown


def test_commands_of_a_year_are_kept_in_bounded_space() -> None:
    """The last 200 ended actions stay; earlier ones are folded into the state of the device (design §8)."""
    account = new_account()
    action_ids = push_often(account, 2000, timedelta(days=365))
    saved = json.dumps(account.simulator.save())
    assert [log_entry["action"]["id"] for log_entry in json.loads(saved)["log"]] == action_ids[-200:]
    assert len(saved) < 100_000
    listed = account.data("GET", "/actions")
    assert (listed["pagination"]["total"], listed["items"][0]["id"]) == (200, action_ids[-1])
    assert b"NOT_FOUND" in account.ask("GET", f"/actions/{action_ids[0]}")
    assert account.data("GET", f"/actions/{action_ids[-200]}")["state"] == "completed"
    other = restored(account)
    assert other.everything() == account.everything()
    again = {each.data("POST", f"/{BATTERY}", {"action": {"command": "idle"}})["id"] for each in (account, other)}
    assert len(again) == 1
    assert not again & set(action_ids)


def test_settings_and_overrides_of_a_year_are_kept_in_bounded_space() -> None:
    account = new_account()
    sizes = []
    for _ in range(3):
        for number in range(200):
            account.data("POST", f"/{BATTERY}/settings", {"discharge_floor": {"value": number % 50, "unit": "percent"}})
            override(Random(number))(account)  # noqa: S311  no secret
            account.clock.advance(timedelta(hours=1))
        sizes.append(len(json.dumps(account.simulator.save())))
    assert max(sizes) - min(sizes) < 100
    assert restored(account).everything() == account.everything()


def test_push_checks_no_more_actions_after_many_than_after_few(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = 0
    status = Action.status

    def counted(action: Action, now: datetime) -> Status:
        nonlocal checks
        checks += 1
        return status(action, now)

    monkeypatch.setattr(Action, "status", counted)
    account = new_account()
    counts = []
    for _ in range(3):
        push_often(account, 300, timedelta(days=10))
        checks = 0
        push_often(account, 1, timedelta(minutes=1))
        counts.append(checks)
    assert counts == [counts[0]] * 3
    assert counts[0] < 10


def test_open_actions_are_kept_however_many_there_are() -> None:
    account = new_account()
    window = {"command": "charge", "start": "30m", "end": wall_clock(START + timedelta(hours=1))}
    action_ids = [account.data("POST", f"/{BATTERY}", {"action": window})["id"]]
    for number in range(1, 300):
        end = wall_clock(START + timedelta(hours=1, minutes=number))
        body = {"action": {**window, "end": end}, "onConflict": "queue_after"}
        action_ids.append(account.data("POST", f"/{BATTERY}", body)["id"])
    assert account.data("GET", "/actions")["pagination"]["total"] == 300
    account.clock.advance(timedelta(days=1))
    assert account.data("GET", f"/actions/{action_ids[0]}")["state"] == "completed"
    push_often(account, 1, timedelta(minutes=1))
    assert account.data("GET", "/actions")["pagination"]["total"] == 201
    assert restored(account).everything() == account.everything()


def test_action_whose_window_is_open_is_kept_although_it_has_ended() -> None:
    account = new_account()
    account.data("POST", "/_simulator/timing", {"windowsSettle": True})
    window = {"command": "charge", "start": "1m", "end": wall_clock(START + timedelta(hours=2))}
    account.data("POST", f"/{BATTERY}", {"action": window})
    with patch.object(home, "KEPT_ACTIONS", 1):
        for _ in range(4):
            account.clock.advance(600)
            body = {"action": {"command": "discharge"}, "sandbox": {"outcome": "failed"}}
            account.data("POST", f"/{BATTERY}", body)
        other = restored(account)
    for each in (account, other):
        assert each.data("GET", f"/{BATTERY}")["state"]["currentMode"] == "charge"
        each.clock.advance(timedelta(hours=2))
        assert each.data("GET", f"/{BATTERY}")["state"]["currentMode"] == "idle"
