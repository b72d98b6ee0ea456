"""The commands of thermostats: mode, setpoints and the temperature of the house (api §6, §11)."""

import pytest

from .harness import Api, Document, celsius, issue_paths


@pytest.mark.parametrize(
    ("command", "parameters", "expected"),
    [
        ("heat", {"target": celsius(24)}, {"mode": "heat", "heatSetpoint": 24, "coolSetpoint": 25, "active": True}),
        ("heat", {"target": celsius(18)}, {"mode": "heat", "heatSetpoint": 18, "coolSetpoint": 25, "active": False}),
        ("cool", {"target": celsius(19)}, {"mode": "cool", "coolSetpoint": 19, "active": True}),
        ("cool", {"target": celsius(26)}, {"mode": "cool", "coolSetpoint": 26, "active": False}),
        (
            "auto",
            {"heatSetpoint": celsius(22), "coolSetpoint": celsius(26)},
            {"mode": "auto", "heatSetpoint": 22, "coolSetpoint": 26, "active": True},
        ),
        (
            "auto",
            {"heatSetpoint": celsius(18), "coolSetpoint": celsius(24)},
            {"mode": "auto", "heatSetpoint": 18, "coolSetpoint": 24, "active": False},
        ),
        ("idle", {}, {"mode": "off", "active": False}),
    ],
)
async def test_next_read_of_a_thermostat_shows_the_command(
    api: Api, command: str, parameters: Document, expected: Document
) -> None:
    """A setpoint that the command does not have does not change, nor does the temperature at first."""
    thermostat = await api.device("hvac")
    before = await api.state(thermostat)
    await api.push(thermostat, command, parameters=parameters)
    assert await api.state(thermostat) == {**before, "holdType": "permanent", **expected}


@pytest.mark.parametrize(
    ("command", "parameters", "goal", "active"),
    [
        ("heat", {"target": celsius(24)}, 24, True),
        ("cool", {"target": celsius(12)}, 12, True),
        ("auto", {"heatSetpoint": celsius(10), "coolSetpoint": celsius(12)}, 12, True),
        ("auto", {"heatSetpoint": celsius(22), "coolSetpoint": celsius(30)}, 22, True),
    ],
)
async def test_house_reaches_its_setpoint_and_is_kept_there(
    api: Api, command: str, parameters: Document, goal: float, *, active: bool
) -> None:
    """A night in June is warmer than 12 °C and colder than 22 °C: it takes cooling or heating to stay."""
    thermostat = await api.device("hvac")
    await api.push(thermostat, command, parameters=parameters)
    await api.advance(days=3)
    state = await api.state(thermostat)
    assert (state["temperature"], state["active"], state["mode"]) == (goal, active, command)


async def test_house_between_its_setpoints_follows_the_weather(api: Api) -> None:
    thermostat = await api.device("hvac")
    await api.push(thermostat, "auto", parameters={"heatSetpoint": celsius(10), "coolSetpoint": celsius(30)})
    temperatures = []
    for _ in range(10):
        await api.advance(days=1)
        state = await api.state(thermostat)
        assert state["active"] is False
        temperatures.append(state["temperature"])
    assert 15 < temperatures[-1] < 17
    assert temperatures[-1] == pytest.approx(temperatures[-2], abs=0.02)


@pytest.mark.parametrize(
    ("command", "goal", "low", "high"),
    [("heat", 24, 2, 2), ("heat", 18, -0.25, -0.15), ("cool", 16, -1.5, -1.5), ("cool", 26, -0.25, -0.15)],
)
async def test_house_is_heated_cooled_or_neither(api: Api, command: str, goal: float, low: float, high: float) -> None:
    """Heating and cooling are even; a house of some 21 °C without either becomes colder on a morning of 15 °C."""
    thermostat = await api.device("hvac")
    before = await api.state(thermostat)
    await api.push(thermostat, command, parameters={"target": celsius(goal)})
    await api.advance(hours=1)
    assert low <= round((await api.state(thermostat))["temperature"] - before["temperature"], 2) <= high


async def test_idle_house_follows_the_weather_until_the_next_command(api: Api) -> None:
    """Only after the end of a window the temperature stays (api §11.1, test_lifecycle.py)."""
    thermostat = await api.device("hvac")
    await api.push(thermostat, "idle")
    await api.advance(days=30)
    state = await api.state(thermostat)
    assert (state["mode"], state["active"]) == ("off", False)
    assert 15 < state["temperature"] < 20
    await api.push(thermostat, "heat", parameters={"target": celsius(23)})
    await api.advance(days=1)
    assert (await api.state(thermostat))["temperature"] == 23


@pytest.mark.parametrize(
    ("command", "parameters", "mode"),
    [
        (None, {}, "auto"),
        ("heat", {"target": celsius(24)}, "heat"),
        ("cool", {"target": celsius(19)}, "cool"),
        ("auto", {"heatSetpoint": celsius(20), "coolSetpoint": celsius(24)}, "auto"),
    ],
)
async def test_paused_thermostat_reports_its_mode_or_off(
    api: Api, command: str | None, parameters: Document, mode: str
) -> None:
    thermostat = await api.device("hvac")
    if command is not None:
        await api.push(thermostat, command, parameters=parameters)
        await api.advance(seconds=3)
    await api.push(thermostat, "idle")
    off = await api.state(thermostat)
    assert (off["mode"], off["active"], off["holdType"]) == ("off", False, "permanent")
    await api.post("/_simulator/options", {"idleKeepsMode": True})
    assert await api.state(thermostat) == {**off, "mode": mode}
    await api.post("/_simulator/options", {"idleKeepsMode": False})
    assert await api.state(thermostat) == off


async def test_follow_schedule_returns_to_the_programme(api: Api) -> None:
    thermostat = await api.device("hvac")
    before = await api.state(thermostat)
    await api.advance(days=2, hours=1)
    usual = await api.state(thermostat)
    await api.advance(hours=23)
    await api.push(thermostat, "heat", parameters={"target": celsius(26)})
    await api.advance(hours=1)
    await api.push(thermostat, "follow_schedule")
    state = await api.state(thermostat)
    assert state["temperature"] == pytest.approx(before["temperature"] + 2)
    assert (state["holdType"], state["mode"]) == ("follow_schedule", "auto")
    await api.advance(days=2)
    assert await api.state(thermostat) == usual


@pytest.mark.parametrize(
    ("command", "parameters"),
    [
        ("heat", {}),
        ("cool", {}),
        ("auto", {}),
        ("auto", {"heatSetpoint": celsius(20)}),
        ("auto", {"coolSetpoint": celsius(20)}),
        ("auto", {"heatSetpoint": celsius(20), "coolSetpoint": celsius(20)}),
        ("auto", {"heatSetpoint": celsius(24), "coolSetpoint": celsius(20)}),
    ],
)
async def test_thermostat_needs_its_setpoints_in_ascending_order(api: Api, command: str, parameters: Document) -> None:
    thermostat = await api.device("hvac")
    before = await api.read(thermostat)
    answer = await api.push(thermostat, command, parameters=parameters)
    assert all(path.startswith("action.parameters.") for path in issue_paths(answer))
    assert await api.read(thermostat) == before
