"""Changes of an account, chosen by hypothesis or by hand."""

from collections.abc import Callable, Mapping
from datetime import timedelta
import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from .account import BATTERY, DEVICES, SETTINGS, Account, wall_clock

type Change = Callable[[Account], object]


def _quantities(declared: Mapping[str, Any], share: float) -> dict[str, object]:
    return {
        name: {"value": round(spec["min"] + share * (spec["max"] - spec["min"]), 3), "unit": spec["unit"]}
        for name, spec in declared.items()
        if "min" in spec
    }


def push(chances: Random, begin: int | None, strategy: str | None) -> Change:
    """Push any declared command, with any declared parameters, now or in some minutes."""
    path, item = chances.choice([(path, item) for path, item in DEVICES.items() if "commands" in item])
    name = chances.choice(list(item["commands"]))
    declared = item["commands"][name]
    action: dict[str, object] = {"command": name, "parameters": _quantities(declared["parameters"], chances.random())}
    body = {"action": action} | ({} if strategy is None else {"onConflict": strategy})

    def change(account: Account) -> object:
        if begin is not None:
            start = account.clock.now() + timedelta(minutes=begin)
            action["start"] = wall_clock(start)
            if "windowed" in declared["execution"]:
                action["end"] = wall_clock(start + timedelta(minutes=90))
        return account.ask("POST", f"/{path}", body)

    return change


def write_settings(chances: Random) -> Change:
    """Write all settings of a device, with any values within their bounds."""
    path, item = chances.choice([(path, item) for path, item in SETTINGS.items() if item])
    body = _quantities(item, chances.random())
    return lambda account: account.ask("POST", f"/{path}/settings", body)


def override(chances: Random) -> Change:
    """Command the battery as somebody other than Amps."""
    path = f"/_simulator/devices/{BATTERY.split('/')[1]}/override"
    body = {"command": chances.choice(["idle", "charge", "auto.export"])}
    return lambda account: account.ask("POST", path, body)


def cancel_newest(account: Account) -> object:
    """Cancel the newest scheduled action, if there is one."""
    answer = json.loads(account.ask("GET", "/actions", state="scheduled"))
    actions = answer["data"]["items"] if answer["success"] else []
    return [account.ask("POST", f"/actions/{action['id']}/cancel") for action in actions[:1]]


def set_presence(chances: Random) -> Change:
    """Remove any device, or bring it back."""
    path = f"/_simulator/devices/{chances.choice(list(DEVICES)).split('/')[1]}"
    body = {"present": chances.random() < 0.5}
    return lambda account: account.ask("POST", path, body)


def add_fault(document: Mapping[str, object]) -> Change:
    """Add a fault."""
    return lambda account: account.ask("POST", "/_simulator/faults", document)


def wait(hours: float) -> Change:
    """Advance by whole milliseconds, the resolution of a saved state."""
    span = timedelta(milliseconds=round(hours * 3_600_000))
    return lambda account: account.clock.advance(span)


_CHANCES = st.builds(Random, st.integers(0, 10_000))
CHANGES = st.one_of(
    st.builds(
        push,
        _CHANCES,
        st.one_of(st.none(), st.integers(1, 600)),
        st.sampled_from([None, "cancel_and_replace", "queue_after"]),
    ),
    st.builds(write_settings, _CHANCES),
    st.builds(override, _CHANCES),
    st.just(cancel_newest),
    st.builds(set_presence, _CHANCES),
    st.builds(
        add_fault,
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
    st.builds(wait, st.one_of(st.floats(0, 5), st.sampled_from([0.001, 24.0, 8760.0]))),
)


def some_commands() -> list[Change]:
    """Return a fixed selection of changes of every kind."""
    chances = Random(7)  # noqa: S311  no secret
    pushes = [push(chances, begin, None) for begin in (30, None, 45, 60)]
    fault = add_fault({"kind": "offline", "durationSeconds": 10})
    return [*pushes, write_settings(chances), override(chances), cancel_newest, fault, set_presence(chances)]


def push_often(account: Account, times: int, span: timedelta) -> list[str]:
    """Push charge and automatic mode in turn, so often over a span, and return the ids of the actions."""
    action_ids = []
    for number in range(times):
        command = "charge" if number % 2 else "auto.balanced"
        action_ids.append(account.data("POST", f"/{BATTERY}", {"action": {"command": command}})["id"])
        account.clock.advance(span / times)
    return action_ids
