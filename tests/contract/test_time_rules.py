"""`start` and `end`: a plant's wall clock in, UTC out (api §6.3, §15.3 #31 to #36)."""

import pytest

from .harness import Api, Document


def _reason(reason: str) -> tuple[int, str, Document]:
    return 422, "INVALID_TIME_WINDOW", {"reason": reason}


_PAST = (422, "START_IN_PAST", None)
_TOO_FAR = (422, "START_OUT_OF_RANGE", None)


@pytest.mark.parametrize(
    "start",
    [
        "",
        "tomorrow",
        "22:00:00",
        "2026-06-14",
        "2026-06-14T22:00",
        "2026-06-14 22:00:00",
        "2026-06-14T22:00:00.000",
        "2026-06-14T22:00:00,5",
        "2026-6-14T22:00:00",
        "20260614T220000",
        "2026-02-30T22:00:00",
        "2026-06-14T24:00:00",
        "2026-06-14T22:60:00",
        "2026-06-14T22:00:60",
        "0000-06-14T22:00:00",
        " 2026-06-14T22:00:00",
        "2026-06-14T22:00:00 ",
        "2026-06-14T22:00:00\n",
        "\u0662\u0660\u0662\u0666-06-14T22:00:00",
        "0m",
        "0.00h",
        "-1h",
        "+1h",
        "1",
        "1d",
        "1H",
        "1.5",
        "1.555h",
        ".5h",
        "1.h",
        "1e3m",
        "1 h",
        "1h30m",
        "PT1H",
        "\u0661h",
    ],
)
async def test_start_of_another_form(api: Api, start: str) -> None:
    battery = await api.device("battery")
    assert (await api.push(battery, "idle", start=start)).failure == _reason("invalid_format")


@pytest.mark.parametrize(
    "time",
    [
        "2026-06-14T22:00:00Z",
        "2026-06-14T22:00:00z",
        "2026-06-14T22:00:00+01:00",
        "2026-06-14T22:00:00-0500",
        "2026-06-14T22:00:00.000Z",
        "2020-06-14T22:00:00Z",
    ],
)
@pytest.mark.parametrize("times", [{"start": None}, {"start": "1h", "end": None}])
async def test_offset_is_not_allowed(api: Api, time: str, times: Document) -> None:
    battery = await api.device("battery")
    body = {name: value or time for name, value in times.items()}
    assert (await api.push(battery, "charge", **body)).failure == _reason("offset_not_allowed")


@pytest.mark.parametrize(
    ("times", "failure"),
    [
        ({"end": "2026-06-14T22:00:00"}, _reason("end_without_start")),
        ({"end": "2020-06-14T22:00:00"}, _reason("end_without_start")),
        ({"end": "nonsense"}, _reason("invalid_format")),
        ({"start": "1h", "end": "nonsense"}, _reason("invalid_format")),
        ({"start": "1h", "end": "2h"}, _reason("relative_end_not_allowed")),
        ({"start": "2026-06-14T22:00:00", "end": "2026-06-14T22:00:00"}, _reason("end_not_after_start")),
        ({"start": "2026-06-14T22:00:00", "end": "2026-06-14T21:00:00"}, _reason("end_not_after_start")),
        ({"start": "2026-06-14T22:00:00", "end": "2020-06-14T21:00:00"}, _reason("end_not_after_start")),
        ({"start": "1h", "end": "2026-06-14T10:15:30"}, _reason("end_not_after_start")),
        ({"start": "2026-06-14T22:00:00", "end": "2026-07-15T09:15:31"}, _reason("end_out_of_range")),
        ({"start": "2026-06-14T22:00:00", "end": "9999-12-31T23:59:59"}, _reason("end_out_of_range")),
        ({"start": "2026-06-14T09:15:30"}, _PAST),
        ({"start": "2026-06-14T09:15:29"}, _PAST),
        ({"start": "2020-01-01T00:00:00"}, _PAST),
        ({"start": "0001-01-01T00:00:00"}, _PAST),
        ({"start": "2020-01-01T00:00:00", "end": "2020-01-01T01:00:00"}, _PAST),
        ({"start": "2026-07-14T09:15:31"}, _TOO_FAR),
        ({"start": "9999-12-31T23:59:59"}, _TOO_FAR),
        ({"start": "720.01h"}, _TOO_FAR),
        ({"start": "43201m"}, _TOO_FAR),
        ({"start": "9" * 400 + "h"}, _TOO_FAR),
        ({"start": "9" * 30 + "m", "end": "2026-06-14T22:00:00"}, _TOO_FAR),
    ],
)
async def test_times_that_break_a_rule(api: Api, times: Document, failure: object) -> None:
    battery = await api.device("battery")
    assert (await api.push(battery, "charge", **times)).failure == failure
    assert (await api.read(battery))["lastAction"] is None


@pytest.mark.parametrize(
    ("start", "echo"),
    [
        ("2026-06-14T09:15:31", "2026-06-14T08:15:31.000Z"),
        ("2026-06-14T22:00:00", "2026-06-14T21:00:00.000Z"),
        ("2026-07-14T09:15:30", "2026-07-14T08:15:30.000Z"),
        ("30m", "2026-06-14T08:45:30.000Z"),
        ("1.5h", "2026-06-14T09:45:30.000Z"),
        ("0.01m", "2026-06-14T08:15:30.600Z"),
        ("0.25h", "2026-06-14T08:30:30.000Z"),
        ("007m", "2026-06-14T08:22:30.000Z"),
        ("720h", "2026-07-14T08:15:30.000Z"),
        ("43200m", "2026-07-14T08:15:30.000Z"),
    ],
)
async def test_start_is_a_duration_from_now_or_a_time_on_the_wall_clock_of_the_plant(
    api: Api, start: str, echo: str
) -> None:
    battery = await api.device("battery")
    answer = await api.push(battery, "idle", start=start)
    assert answer.status == 202
    assert answer.data["start"] == echo
    assert (await api.action(answer.data["id"]))["start"] == echo


async def test_end_may_lie_a_day_beyond_the_horizon_of_the_start(api: Api) -> None:
    battery = await api.device("battery")
    answer = await api.push(battery, "charge", start="720h", end="2026-07-15T09:15:30")
    assert answer.data["end"] == "2026-07-15T08:15:30.000Z"


@pytest.mark.parametrize(
    ("wall_clock", "echo"),
    [
        ("2026-10-25T00:59:59", "2026-10-24T23:59:59.000Z"),
        ("2026-10-25T01:00:00", "2026-10-25T00:00:00.000Z"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00.000Z"),
        ("2026-10-25T01:59:59", "2026-10-25T00:59:59.000Z"),
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00.000Z"),
    ],
)
async def test_time_that_occurs_twice_is_its_first_occurrence(api: Api, wall_clock: str, echo: str) -> None:
    await api.set_clock(set="2026-10-20T12:00:00Z")
    battery = await api.device("battery")
    assert (await api.push(battery, "idle", start=wall_clock)).data["start"] == echo


@pytest.mark.parametrize(
    ("wall_clock", "echo"),
    [
        ("2027-03-28T00:59:59", "2027-03-28T00:59:59.000Z"),
        ("2027-03-28T01:00:00", "2027-03-28T01:00:00.000Z"),
        ("2027-03-28T01:30:00", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28T02:00:00", "2027-03-28T01:00:00.000Z"),
        ("2027-03-28T02:30:00", "2027-03-28T01:30:00.000Z"),
    ],
)
async def test_skipped_time_moves_forward(api: Api, wall_clock: str, echo: str) -> None:
    """From one to two the clocks are put forward: half past one is then half past two, which is half past one UTC."""
    await api.set_clock(set="2027-03-20T12:00:00Z")
    battery = await api.device("battery")
    assert (await api.push(battery, "idle", start=wall_clock)).data["start"] == echo


async def test_window_over_the_night_of_the_change_lasts_as_long_as_it_does(api: Api) -> None:
    await api.set_clock(set="2026-10-24T12:00:00Z")
    battery = await api.device("battery")
    answer = await api.push(battery, "charge", start="2026-10-25T00:30:00", end="2026-10-25T02:30:00")
    assert (answer.data["start"], answer.data["end"]) == ("2026-10-24T23:30:00.000Z", "2026-10-25T02:30:00.000Z")


async def test_window_inside_the_skipped_hour_is_empty(api: Api) -> None:
    await api.set_clock(set="2027-03-27T12:00:00Z")
    battery = await api.device("battery")
    answer = await api.push(battery, "charge", start="2027-03-28T01:30:00", end="2027-03-28T02:30:00")
    assert answer.failure == _reason("end_not_after_start")
