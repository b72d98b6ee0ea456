"""A reading depends on the log and the instant only (api §15.2 #51)."""

import pytest

from .harness import Api, celsius, percent

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


async def _everything(api: Api) -> list[bytes]:
    answers = [await api.get(f"/{segment}", limit=50) for segment in (*_SEGMENTS, "actions")]
    singles = [
        await api.get(f"/{segment}/{item['id']}")
        for segment, answer in zip(_SEGMENTS, answers, strict=False)
        for item in answer.data["items"]
    ]
    return [answer.raw for answer in answers + singles]


async def _busy(api: Api) -> None:
    """Command one device of each type, now and later."""
    await api.push(await api.device("battery"), "charge", start="10m", end="2026-06-14T10:30:00")
    await api.push(await api.device("battery", 1), "auto.reserve")
    await api.push(await api.device("ev-charger"), "charge")
    await api.push(await api.device("hvac"), "heat", parameters={"target": celsius(25)})
    await api.post(f"{api.path(await api.device('battery', 2))}/settings", {"discharge_floor": percent(51)})


@pytest.mark.parametrize("hours", [0, 1, 30, 8760])
async def test_two_reads_at_one_instant_are_the_same_bytes(api: Api, hours: float) -> None:
    await _busy(api)
    await api.advance(hours=hours)
    assert await _everything(api) == await _everything(api)


async def test_errors_at_one_instant_are_the_same_bytes(api: Api) -> None:
    battery = await api.device("battery")
    await api.push(battery, "charge")
    failures = {(await api.push(battery, "idle")).raw for _ in range(3)}
    assert len(failures) == 1


async def test_reading_more_often_changes_nothing(api: Api) -> None:
    await _busy(api)
    for _ in range(20):
        await _everything(api)
        await api.advance(minutes=7)
    watched = await _everything(api)
    await api.post("/_simulator/requests")
    assert await _everything(api) == watched


async def test_values_move_between_reads(api: Api) -> None:
    before = {segment: await api.state(await api.device(segment)) for segment in _SEGMENTS if segment != "hvac"}
    await api.advance(hours=1)
    for segment, state in before.items():
        assert await api.state(await api.device(segment)) != state
