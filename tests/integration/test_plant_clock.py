"""Times at plants in other zones: learned from what Amps echoes, mended once, and never left wrong (design §6)."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.amps.simulator import Request, Response

from .commanding import Home
from .conftest import MINUTE, Advance, patiently
from .interception import CUT_OFF, error


def window(answer: dict[str, Any]) -> tuple[str, str]:
    """Return the window of an action as it is answered."""
    return answer["action"]["start"], answer["action"]["end"]


def states(home: Home) -> list[str]:
    """Return the states of the actions of the battery at Amps, the newest first."""
    return [each["state"] for each in home.actions(home.battery)]


BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
AUTUMN, SPRING = "2026-10-24T12:00:00Z", "2027-03-27T12:00:00Z"


@BOTH
@pytest.mark.parametrize(
    ("begins_at", "home_zone", "plant_zone", "times", "expected"),
    [
        (
            AUTUMN,
            "Europe/Berlin",
            "Europe/Berlin",
            ("23:30", "05:00"),
            ("2026-10-24T21:30:00Z", "2026-10-25T04:00:00Z"),
        ),
        (
            AUTUMN,
            "Europe/Berlin",
            "Europe/London",
            ("23:30", "05:00"),
            ("2026-10-24T21:30:00Z", "2026-10-25T04:00:00Z"),
        ),
        (
            SPRING,
            "Europe/Berlin",
            "Europe/Berlin",
            ("23:30", "05:00"),
            ("2027-03-27T22:30:00Z", "2027-03-28T03:00:00Z"),
        ),
        (
            SPRING,
            "Europe/Berlin",
            "Europe/London",
            ("23:30", "05:00"),
            ("2027-03-27T22:30:00Z", "2027-03-28T03:00:00Z"),
        ),
        # No clock change at home, one at the plant, which is half an hour off.
        (AUTUMN, "Asia/Tokyo", "Asia/Kolkata", ("23:30", "05:00"), ("2026-10-24T14:30:00Z", "2026-10-24T20:00:00Z")),
        (
            "2026-10-31T12:00:00Z",
            "Europe/London",
            "America/St_Johns",
            ("23:30", "12:00"),
            ("2026-10-31T23:30:00Z", "2026-11-01T12:00:00Z"),
        ),
        (
            "2027-03-13T12:00:00Z",
            "Europe/London",
            "America/St_Johns",
            ("23:30", "12:00"),
            ("2027-03-13T23:30:00Z", "2027-03-14T12:00:00Z"),
        ),
        (
            "2026-10-03T06:00:00Z",
            "Australia/Sydney",
            "Australia/Adelaide",
            ("23:30", "06:00"),
            ("2026-10-03T13:30:00Z", "2026-10-03T19:00:00Z"),
        ),
        (
            "2027-04-03T06:00:00Z",
            "Australia/Sydney",
            "Australia/Adelaide",
            ("23:30", "06:00"),
            ("2027-04-03T12:30:00Z", "2027-04-03T20:00:00Z"),
        ),
    ],
)
async def test_a_window_over_the_night_of_a_clock_change_is_the_one_that_is_meant(
    home: Home, home_zone: str, plant_zone: str, times: tuple[str, str], expected: tuple[str, str]
) -> None:
    answer = await home.call("charge", home.battery, start=times[0], end=times[1])
    assert window(answer) == expected
    assert states(home) == (["scheduled"] if home_zone == plant_zone else ["scheduled", "cancelled"])
    newest = home.actions(home.battery)[0]
    assert datetime.fromisoformat(newest["start"]) == datetime.fromisoformat(expected[0])
    assert datetime.fromisoformat(newest["end"]) == datetime.fromisoformat(expected[1])


@BOTH
@pytest.mark.parametrize(
    ("home_zone", "plant_zone"),
    [("US/Pacific", "Europe/London"), ("US/Pacific", "America/New_York"), ("Europe/Berlin", "Asia/Kolkata")],
)
async def test_a_start_that_is_past_at_the_plant_is_no_reason_to_refuse(home: Home) -> None:
    now = dt_util.utcnow()
    start, end = now + timedelta(minutes=30), now + timedelta(hours=2)
    answer = await home.call("charge", home.battery, start=start.isoformat(), end=end.isoformat())
    assert window(answer) == (f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}")
    assert states(home) == ["scheduled", "cancelled"]
    home.forget()
    again = await home.call(
        "charge", home.battery, on_conflict="cancel_and_replace", start=start.isoformat(), end=end.isoformat()
    )
    assert window(again) == window(answer)
    assert len(home.pushed) == 1


@BOTH
@pytest.mark.parametrize(
    ("home_zone", "plant_zone"), [("Europe/Berlin", "Europe/London"), ("America/New_York", "Asia/Kolkata")]
)
async def test_the_zone_is_learned_once_and_outlives_a_reload(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    times = {"start": "2026-06-16 08:00:00", "end": "2026-06-16 09:00:00"}
    first = await home.call("charge", home.battery, **times)
    assert [body["action"]["start"] == "2026-06-16T08:00:00" for body in home.pushed] == [True, False]
    assert states(home) == ["scheduled", "cancelled"]
    await pass_time(MINUTE)

    for _ in range(2):
        home.forget()
        again = await home.call("charge", home.battery, on_conflict="cancel_and_replace", **times)
        assert window(again) == window(first)
        assert len(home.pushed) == 1
        assert await hass.config_entries.async_reload(home.account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    # What is in no window is of no zone.
    assert states(home)[0] == "scheduled"


@BOTH
@pytest.mark.parametrize(
    ("begins_at", "home_zone", "plant_zone"), [("2026-10-24T06:00:00Z", "America/New_York", "Europe/London")]
)
async def test_a_time_that_the_plant_turns_out_to_show_twice_is_withdrawn(home: Home) -> None:
    err = await home.refusal("charge", home.battery, start="20:30", end="23:00")
    assert err.translation_key == "times_twice_at_plant"
    assert "2026-10-24 20:30" in str(err)
    assert "nothing is scheduled" in str(err)
    assert states(home) == ["cancelled"]
    home.forget()
    # Known from now on, it is refused before anything is sent.
    assert (
        await home.refusal("charge", home.battery, start="20:30", end="23:00")
    ).translation_key == "time_occurs_twice"
    assert home.posts == 0


def is_push(request: Request, device_type: str = "battery") -> bool:
    """Return whether a request commands a device of a type."""
    return request.method == "POST" and request.path.startswith(f"/{device_type}")


def shift(home: Home, *seconds: int) -> None:
    """Let Amps echo the starts of pushes that many seconds later, one after the other."""
    left = list(seconds)

    def rewrite(request: Request, body: dict[str, Any]) -> None:
        if is_push(request) and left and body.get("data", {}).get("start"):
            start = datetime.fromisoformat(body["data"]["start"]) + timedelta(seconds=left.pop(0))
            body["data"]["start"] = start.isoformat()

    home.between.rewrite = rewrite


@BOTH
@pytest.mark.parametrize(
    ("seconds", "pushes"),
    [((60,), 1), ((7 * 60 + 30,), 1), ((15 * 3600,), 1), ((-1,), 1), ((3600, 7200), 2), ((1800, 60), 2)],
)
async def test_what_amps_understood_otherwise_does_not_stand(home: Home, seconds: tuple[int, ...], pushes: int) -> None:
    shift(home, *seconds)
    err = await home.refusal("charge", home.battery, start="2026-06-16 23:30:00")
    assert err.translation_key == "times_not_as_meant"
    assert "2026-06-16 23:30" in str(err)
    assert "was cancelled, and nothing is scheduled for it" in str(err)
    assert states(home) == ["cancelled"] * pushes
    assert home.actions(home.battery)[0]["id"] in str(err)


@BOTH
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (error("SERVICE_UNAVAILABLE", 503), "scheduled"),
        (error("ACTION_NOT_CANCELLABLE", 409), "scheduled"),
        (error("INSUFFICIENT_PERMISSIONS", 403), "scheduled"),
        (CUT_OFF, "scheduled"),
    ],
    ids=["unavailable", "begun", "forbidden", "cut off"],
)
async def test_what_cannot_be_cancelled_is_said_to_stand(
    home: Home, pass_time: Advance, answer: Response, state: str
) -> None:
    shift(home, 60)
    home.between.answer = lambda request: answer if request.path.endswith("/cancel") else None
    err = await patiently(home.refusal("charge", home.battery, start="23:30"), pass_time)
    assert err.translation_key == "times_not_as_meant_stands"
    assert "it stands at Amps: cancel it" in str(err)
    (standing,) = home.actions(home.battery)
    assert standing["state"] == state
    assert standing["id"] in str(err)


@BOTH
async def test_a_cancel_whose_answer_is_lost_is_looked_up(home: Home, pass_time: Advance) -> None:
    shift(home, 60)
    home.service.control(
        "POST", "faults", {"kind": "disconnect", "match": {"method": "POST", "path": "/actions/*"}, "count": 1}
    )
    err = await patiently(home.refusal("charge", home.battery, start="23:30"), pass_time)
    assert err.translation_key == "times_not_as_meant"
    assert states(home) == ["cancelled"]


@BOTH
@pytest.mark.parametrize(("home_zone", "plant_zone"), [("Europe/Berlin", "Europe/London")])
async def test_the_end_of_a_queued_window_shows_the_zone(home: Home) -> None:
    """Its start is the end of the one before, of which Home Assistant need not know (api §6.7)."""
    home.push(home.battery, "charge", start="2026-06-14T23:00:00", end="2026-06-15T01:00:00")
    answer = await home.call("discharge", home.battery, start="23:30", end="06:00", on_conflict="queue_after")
    assert window(answer) == ("2026-06-15T00:00:00Z", "2026-06-15T04:00:00Z")
    assert states(home) == ["scheduled", "cancelled", "scheduled"]
    home.forget()
    home.cancel(home.actions(home.battery)[0]["id"])
    answer = await home.call("discharge", home.battery, start="23:30", end="06:00", on_conflict="queue_after")
    assert window(answer) == ("2026-06-15T00:00:00Z", "2026-06-15T04:00:00Z")
    assert len(home.pushed) == 1


@BOTH
async def test_a_command_that_is_queued_behind_an_unknown_one_is_no_other_zone(home: Home) -> None:
    home.push(home.battery, "charge", start="2026-06-14T23:00:00", end="2026-06-15T01:00:00")
    answer = await home.call("idle", home.battery, start="23:00", on_conflict="queue_after")
    assert answer["action"]["start"] == "2026-06-15T00:00:00Z"
    assert len(home.pushed) == 1
    assert states(home) == ["scheduled", "scheduled"]
