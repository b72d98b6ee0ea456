"""What an action would send, what stands against it and what to expect, without sending anything (design §6)."""

from typing import Any

import pytest

from .commanding import Home
from .conftest import MINUTE, Advance, patiently

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@BOTH
async def test_nothing_is_sent_and_everything_is_said(home: Home) -> None:
    theirs = home.push(home.battery, "charge", start="2026-06-14T23:00:00")
    home.forget()
    answer = await home.call(
        "charge", home.battery, dry_run=True, target_level=90, power=2.5, start="20:00", end="22:00", then="previous"
    )
    assert answer["ok"]
    assert answer["error"] is None
    assert answer["request"] == {
        "command": "charge",
        "parameters": {"target": {"value": 90, "unit": "percent"}, "power": {"value": 2.5, "unit": "kw"}},
        "start": "2026-06-14T19:00:00+00:00",
        "end": "2026-06-14T21:00:00+00:00",
        "on_conflict": "fail",
        "then": "auto_balanced",
    }
    assert answer["objections"] == []
    assert home.posts == 0
    assert answer["in_the_way"] in ([], [theirs])


async def test_what_is_in_the_way_is_named(home: Home, pass_time: Advance) -> None:
    theirs = home.push(home.battery, "charge", start="2026-06-14T23:00:00")
    await pass_time(MINUTE)
    answer = await home.call("idle", home.battery, dry_run=True)
    assert answer["in_the_way"] == [theirs]
    assert home.posts == 0


async def test_every_objection_has_a_code_and_words(home: Home) -> None:
    answer = await home.call(
        "charge",
        home.battery,
        dry_run=True,
        target_level=5,
        power=9,
        start="2026-06-14 12:00:00",
        then="follow_schedule",
    )
    assert not answer["ok"]
    assert [each["code"] for each in answer["objections"]] == [
        "start_in_past",
        "parameter_out_of_range",
        "parameter_out_of_range",
        "then_needs_end",
        "command_not_supported",
    ]
    for each in answer["objections"]:
        assert "FoxESS" in each["message"]
        assert not {"–", "None"} & set(each["message"].split())
    assert home.posts == 0


@pytest.mark.parametrize(
    ("data", "met"),
    [
        ({"action": "charge", "target_level": 85, "power": 3}, True),
        ({"action": "charge", "target_level": 100}, True),
        ({"action": "charge", "target_level": 100, "power": 2, "duration": {"hours": 1}}, False),
        ({"action": "discharge", "target_level": 40}, True),
    ],
    ids=str,
)
async def test_what_is_expected_is_what_comes(
    home: Home, advance: Advance, pass_time: Advance, data: dict[str, Any], met: bool
) -> None:
    action = data["action"]
    fields = {name: value for name, value in data.items() if name != "action"}
    await patiently(home.call("idle", home.battery, wait="finished"), pass_time)
    expected = (await home.call(action, home.battery, dry_run=True, **fields))["expected"]
    assert (expected["reached_at"] is not None) is met
    assert expected["energy"] > 0
    await home.call(action, home.battery, **fields)
    await advance(10 * 60 * MINUTE)
    assert home.state(home.battery)["level"] == pytest.approx(expected["level"], abs=0.2)
