"""Documents of saved states: foreign, broken, and of earlier versions (design §8)."""

from datetime import timedelta
import json
from pathlib import Path
import re
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator import (
    StateError,
)

from .account import new_account
from .changes import some_commands


@pytest.mark.parametrize(
    "document", [None, [], "state", 1, {}, {"version": 2}, {"version": 1}, {"version": 1, "home": 3}]
)
def test_foreign_document_is_refused(document: object) -> None:
    account = new_account()
    with pytest.raises(StateError):
        account.simulator.restore(document)


def test_state_of_another_home_is_refused() -> None:
    for other in (
        new_account(seed="other"),
        new_account(profile="large_home"),
        new_account(profile="fleet", device_count=11),
    ):
        with pytest.raises(StateError, match="home"):
            other.simulator.restore(new_account().simulator.save())


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

    account = new_account(seed="before")
    account.simulator.restore(document)

    assert json.loads(json.dumps(account.simulator.save())) == document


def _full_state() -> Any:  # noqa: ANN401  a JSON document
    account = new_account()
    for change in some_commands():
        change(account)
    account.data("POST", "/_simulator/webhooks", {"url": "https://mailbox.test", "mischief": {"reorder": True}})
    account.clock.advance(60)
    account.everything()
    for kind in ("offline", "fallback"):
        account.data("POST", "/_simulator/faults", {"kind": kind, "match": {"path": "/vehicle/*"}})
    return json.loads(json.dumps(account.simulator.save()))


_STATE = _full_state()
_STATE_PLACES = _places(_STATE)


@settings(max_examples=300)
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
    account = new_account()
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
            new_account().simulator.restore(_changed(place, instant))


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
        new_account().simulator.restore(_changed(place, None))
