"""A simulator that is saved and restored continues to the same bytes (design §8)."""

from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, settings, strategies as st

from .account import BATTERY, LIVE, SANDBOX, START, new_account, restored, wall_clock
from .changes import CHANGES, Change, push_often, some_commands, wait


def test_state_in_a_windowed_charge_continues_to_the_same_bytes() -> None:
    account = new_account()
    charge = {
        "command": "charge",
        "parameters": {"power": {"value": 1.5, "unit": "kw"}},
        "start": wall_clock(START + timedelta(hours=1)),
        "end": wall_clock(START + timedelta(hours=3)),
    }
    account.data("POST", f"/{BATTERY}", {"action": charge})
    account.clock.advance(timedelta(hours=2, milliseconds=417))
    assert account.data("GET", f"/{BATTERY}")["state"]["chargeRate"] == 1.5
    other = restored(account)
    assert other.everything() == account.everything()
    for minutes in (1, 17, 41, 1, 60, 600, 1440, 525_600):
        for each in (account, other):
            each.clock.advance(timedelta(minutes=minutes))
        assert other.everything() == account.everything()


def test_state_with_a_slowly_acknowledged_window_continues_to_the_same_bytes() -> None:
    account = new_account()
    account.data("POST", "/_simulator/faults", {"kind": "slow_acknowledgement", "seconds": 7200, "count": 1})
    charge = {"command": "charge", "start": "30m", "end": wall_clock(START + timedelta(hours=1))}
    account.data("POST", f"/{BATTERY}", {"action": charge})
    account.clock.advance(timedelta(hours=2))
    discharge = {"action": {"command": "discharge"}, "onConflict": "queue_after"}
    assert account.data("POST", f"/{BATTERY}", discharge)["start"] == "2026-06-14T11:15:30.000Z"
    other = restored(account)
    for minutes in (0, 59, 2, 30, 600):
        for each in (account, other):
            each.clock.advance(timedelta(minutes=minutes))
        assert other.everything() == account.everything()


@settings(max_examples=40)
@given(before=st.lists(CHANGES, max_size=8), after=st.lists(CHANGES, max_size=4))
def test_any_state_continues_to_the_same_bytes(before: list[Change], after: list[Change]) -> None:
    account = new_account()
    for change in before:
        change(account)
    other = restored(account)
    assert other.everything() == account.everything()
    for change in after:
        assert change(other) == change(account)
        assert other.everything() == account.everything()
    for hours in (0.3, 7, 24, 9000):
        for each in (account, other):
            each.clock.advance(timedelta(hours=hours))
        assert other.everything() == account.everything()


def test_captured_state_does_not_change_with_later_commands() -> None:
    account = new_account()
    push_often(account, 3, timedelta(hours=1))
    account.data("POST", "/_simulator/keys", {"key": LIVE, "state": "expired"})
    saved, captured = json.dumps(account.simulator.save()), account.simulator.capture()
    for change in some_commands():
        change(account)
    account.data("POST", "/_simulator/keys", {"key": LIVE, "state": "active"})
    account.data("POST", "/_simulator/live", {"enabled": False})
    account.data("POST", "/_simulator/timing", {"settleSeconds": 1})
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test"})
    account.clock.advance(timedelta(days=1))
    account.everything()
    assert json.dumps(captured()) == saved


def test_state_saved_without_folding_is_restored() -> None:
    """As the first version saved homes: with the whole log, and without stages reached."""
    account = new_account()
    device_id = BATTERY.split("/")[1]
    account.data("POST", f"/{BATTERY}/settings", {"discharge_floor": {"value": 30, "unit": "percent"}})
    account.clock.advance(timedelta(hours=1))
    account.data("POST", f"/{BATTERY}", {"action": {"command": "discharge"}})
    account.clock.advance(timedelta(hours=9))
    document = json.loads(json.dumps(account.simulator.save()))
    del document["reached"], document["actions"]
    adjusted = {"device_id": device_id, "at": START.isoformat(), "values": {"discharge_floor": 30}}
    document["log"].insert(0, {"tuned": adjusted})
    other = new_account()
    other.simulator.restore(document)
    assert other.everything() == account.everything()


def test_what_is_restored_is_saved_the_same() -> None:
    account = new_account()
    for change in (*some_commands(), wait(1)):
        change(account)
    account.ask("POST", "/_simulator/keys", {"key": SANDBOX, "state": "read_only"})
    account.ask("POST", "/_simulator/timing", {"settleSeconds": 0.25, "windowsSettle": True})
    account.ask("POST", "/_simulator/live", {"allTypesPushable": True})
    saved = account.simulator.save()
    assert restored(account).simulator.save() == saved
    assert SANDBOX not in json.dumps(saved)


def test_keys_faults_and_timing_are_restored() -> None:
    account = new_account()
    account.ask("POST", "/_simulator/keys", {"key": LIVE, "state": "revoked"})
    account.ask("POST", "/_simulator/faults", {"kind": "error", "code": "TIMEOUT", "count": 2})
    account.ask("POST", "/_simulator/timing", {"settleSeconds": 60})
    assert b"TIMEOUT" in account.ask("GET", "/battery")
    other = restored(account)
    assert b"INVALID_API_KEY" in other.ask("GET", "/battery", key=LIVE)
    assert b"TIMEOUT" in other.ask("GET", "/battery")
    assert b"TIMEOUT" not in other.ask("GET", "/battery")
    assert other.data("GET", "/_simulator/timing")["settleSeconds"] == 60
    assert other.data("POST", "/_simulator/faults", {"kind": "error", "code": "TIMEOUT"})["id"] == "fault_2"


def test_action_ids_are_not_used_again_after_a_reset_nor_after_a_restore() -> None:
    account = new_account()
    ids: set[str] = set()
    for _ in range(3):
        ids.add(account.data("POST", f"/{BATTERY}", {"action": {"command": "charge"}})["id"])
        account.ask("POST", "/_simulator/reset")
    other = restored(account)
    for each in (account, other):
        ids.add(each.data("POST", f"/{BATTERY}", {"action": {"command": "charge"}})["id"])
    assert len(ids) == 4


def test_fault_whose_time_is_over_is_removed() -> None:
    account = new_account()
    for seconds in (10, 20):
        account.data("POST", "/_simulator/faults", {"kind": "truncated", "durationSeconds": seconds})
    account.clock.advance(10)
    assert account.data("GET", "/_simulator/state")["faults"]["faults"].keys() == {"fault_2"}
    account.clock.advance(10)
    assert not account.data("GET", "/_simulator/state")["faults"].get("faults")
    assert account.data("POST", "/_simulator/faults", {"kind": "truncated"})["id"] == "fault_3"


def test_undelivered_messages_are_saved() -> None:
    account = new_account()
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test"})
    account.data("POST", f"/{BATTERY}", {"action": {"command": "charge"}})
    early = restored(account)
    for each in (account, early):
        each.clock.advance(3)
    (delivery,) = account.simulator.deliveries()
    (same,) = early.simulator.deliveries()
    assert (same.url, same.headers, same.body) == (delivery.url, delivery.headers, delivery.body)
    on_its_way = restored(account)
    (again,) = on_its_way.simulator.deliveries()
    assert again.headers == delivery.headers
    account.simulator.record_result(delivery, 500)
    patient = restored(account)
    assert patient.simulator.deliveries() == []
    patient.clock.advance(1)
    (retry,) = patient.simulator.deliveries()
    assert (retry.message.message_id, retry.message.attempt) == (delivery.message.message_id, 2)


def test_clock_moves_forward_to_the_saved_instant_and_never_back() -> None:
    account = new_account()
    account.clock.advance(3600)
    assert restored(account).clock.now() == START + timedelta(hours=1)
    later = new_account(START + timedelta(days=1))
    later.simulator.restore(account.simulator.save())
    assert later.clock.now() == START + timedelta(days=1)


def test_clock_before_the_epoch_counts_as_at_the_epoch() -> None:
    account, later = new_account(datetime(1950, 1, 1, tzinfo=UTC)), new_account()
    later.simulator.restore(account.simulator.save())
    assert account.data("GET", f"/{BATTERY}")["sync"]["lastPulledAt"] == "1970-01-01T00:00:00.000Z"


def test_log_of_requests_is_not_saved() -> None:
    account = new_account()
    account.ask("GET", "/battery")
    assert restored(account).data("GET", "/_simulator/requests") == {"items": [], "total": 0}
