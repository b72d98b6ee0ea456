"""What a voice assistant is offered, tells and does: what a person says, as the calls that a model makes of it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.llm import LLMContext, ToolInput, async_get_api
import probatio
import pytest

from custom_components.amps.simulator import Request
from custom_components.amps.simulator.devices import DEVICE_TYPES

from .assistant import Assistant
from .commanding import Home, amps_id
from .conftest import HOUR, MINUTE, Advance
from .interception import page

ALL = {"charge", "discharge", "idle", "set_mode", "cancel_scheduled", "get_devices"}


@pytest.fixture
def profile() -> str:
    """Return a household with one device of each type."""
    return "home"


live = pytest.mark.parametrize("environment", ["live"])


# What is offered.


async def test_nothing_is_offered_of_what_is_not_exposed(hass: HomeAssistant, assistant: Assistant, home: Home) -> None:
    assert await assistant.offered() == set()
    assert "Home battery" not in (await assistant.api()).api_prompt
    assistant.expose(home.battery)
    nobody = LLMContext(platform="test", context=None, language=None, assistant="", device_id=None)
    assert [tool for tool in (await async_get_api(hass, "assist", nobody)).tools if tool.integration == "amps"] == []


async def test_what_is_exposed_is_named_and_offered_by_tools_that_describe_themselves(
    assistant: Assistant, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.expose(home.battery)
    assert await assistant.offered() == {f"amps__{name}" for name in ALL}
    api = await assistant.api()
    assert "Home battery (Battery)" in api.api_prompt
    assert "Nest" not in api.api_prompt
    for tool in (tool for tool in api.tools if tool.name.startswith("amps__")):
        assert (tool.integration, bool(tool.title), bool(tool.description)) == ("amps", True, True)
        shown = probatio.to_openapi(tool.parameters, custom_serializer=api.custom_serializer)["properties"]
        assert [name for name, each in shown.items() if not {"type", "description"} <= each.keys()] == []
        assert set(shown["device_type"]["enum"]) == {kind.name for kind in DEVICE_TYPES}
        reads = tool.name == "amps__get_devices"
        assert (tool.annotations.read_only, tool.annotations.destructive) == (reads, not reads)
    assert [record for record in caplog.records if record.levelname != "DEBUG" and "amps" in record.message] == []


async def test_only_what_a_device_takes_is_offered(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.thermostat, "thermostat")
    assert await assistant.offered() == {f"amps__{name}" for name in ALL - {"charge", "discharge"}}
    (set_mode,) = (tool for tool in (await assistant.api()).tools if tool.name == "amps__set_mode")
    schema = probatio.to_openapi(set_mode.parameters)
    assert schema["properties"]["mode"]["enum"] == ["follow_schedule"]


async def test_a_device_of_which_only_readings_are_exposed_is_not_commanded(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery, "level")
    assert await assistant.offered() == {"amps__get_devices"}
    assistant.expose(home.charger, "charging_enabled")
    assert "none of its controls is exposed" in await assistant.refusal("charge", name="Home battery")
    assert home.posts == 0


# Reading.


async def test_how_full_is_the_car(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.first("vehicle"), "level")
    assistant.expose(home.battery, "level")
    level = home.state(home.first("vehicle"))["batteryLevel"]
    home.forget()
    text = await assistant.say("get_devices", device_type="vehicle")
    assert f"Level {level:.1f} %" in text
    assert "Read 0 seconds ago, from a simulation" in text
    assert "Home battery" not in text
    assert home.between.requests == []


@live
async def test_what_is_the_battery_doing(assistant: Assistant, home: Home, pass_time: Advance) -> None:
    assistant.expose(home.battery)
    await assistant.use("charge", name="Home battery", target_level=90, power=3)
    await pass_time(MINUTE)
    home.push(home.battery, "idle", start="2026-06-14T23:00:00")
    await pass_time(20 * MINUTE)
    text = await assistant.say("get_devices", name="home battery")
    assert text.startswith("Home battery (Battery): Charging, level ")
    assert "3 kW into the battery" in text
    assert "Charging to 90 % at 3 kW was accepted by the device." in text
    assert "Idling is scheduled for 2026-06-14 23:00." in text
    assert "minutes ago, live from the manufacturer." in text


async def test_all_types_are_told_in_words(assistant: Assistant, home: Home) -> None:
    for device in home.devices:
        assistant.expose(device, "reachable")
    lines = (await assistant.say("get_devices")).splitlines()
    assert len(lines) == len(DEVICE_TYPES)
    assert not [each for each in lines if "None" in each or "nothing is known" in each or "unknown" in each]
    text = "\n".join(lines)
    for part in ("°C measured", "kWh since it was installed", "plugged in", "capacity", "range"):
        assert part in text


async def test_a_window_is_told_until_its_end_and_after_it(assistant: Assistant, home: Home, advance: Advance) -> None:
    assistant.expose(home.battery)
    await assistant.use("discharge", name="Home battery", power=1, duration=60, then="hold")
    await advance(5 * MINUTE)
    assert "Discharging at 1 kW was " in (text := await assistant.say("get_devices"))
    assert "until 2026-06-14 14:01" in text
    await advance(HOUR)
    assert "but its time ended at 2026-06-14 14:01" in await assistant.say("get_devices")


@live
async def test_what_is_unavailable_is_said_to_be_so(assistant: Assistant, home: Home, pass_time: Advance) -> None:
    assistant.expose(home.battery)
    home.service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(home.battery)}})
    await pass_time(16 * MINUTE)
    text = await assistant.say("get_devices")
    assert "Unavailable." in text
    assert "cannot be reached by its manufacturer" in text
    assert "%" not in text


async def test_a_reading_that_is_too_old_is_not_told(assistant: Assistant, home: Home, advance: Advance) -> None:
    assistant.expose(home.battery)
    home.between.answer = lambda _: page(502)
    await advance(HOUR)
    text = await assistant.say("get_devices")
    assert "Unavailable. The last reading is 1 hour old" in text
    assert "%" not in text


@live
async def test_what_failed_or_was_overridden_is_told(assistant: Assistant, home: Home, pass_time: Advance) -> None:
    assistant.expose(home.battery)
    await assistant.use("charge", power=2)
    await pass_time(16 * MINUTE)
    home.service.control("POST", f"devices/{amps_id(home.battery)}/override", {"command": "idle"})
    await pass_time(50 * MINUTE)
    assert "The device does something other than its last command asked for." in await assistant.say("get_devices")
    home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    await assistant.use("discharge", power=2)
    await pass_time(2 * MINUTE)
    text = await assistant.say("get_devices")
    assert "Discharging at 2 kW failed: the battery is locked by its own schedule." in text


async def test_of_an_account_that_is_not_loaded_that_is_said(
    hass: HomeAssistant, assistant: Assistant, home: Home
) -> None:
    assistant.expose(home.battery)
    before = await assistant.api()
    await hass.config_entries.async_unload(home.account.entry_id)
    assert "unavailable" in await assistant.say("get_devices")
    assert await assistant.offered() == {"amps__get_devices"}
    with pytest.raises(ServiceValidationError, match="Home battery") as raised:
        await assistant.use("charge", before, name="Home battery")
    assert "not loaded" in str(raised.value)


# Commanding.


async def test_charge_the_home_battery_to_80_percent_until_6_am(
    assistant: Assistant, home: Home, hass: HomeAssistant
) -> None:
    assistant.expose(home.battery)
    text = await assistant.say("charge", name="home battery", target_level=80, end="06:00", power=None, area="")
    window, after = home.pushed
    assert window["action"] == {
        "command": "charge",
        "parameters": {"target": {"value": 80, "unit": "percent"}},
        "start": "2026-06-14T13:01:00",
        "end": "2026-06-15T06:00:00",
    }
    assert after["action"]["command"] == "auto.balanced"
    assert text.startswith(
        "Home battery: Charging to 80 % is scheduled from 2026-06-14 13:01 to 2026-06-15 06:00. Expected level: 80 % at"
    )
    assert text.endswith("After that: self-consumption.")


async def test_a_car_is_charged_by_its_charger(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.first("vehicle"), "level")
    assistant.expose(home.charger, "charging_enabled")
    assert "ChargePoint Home Flex" in await assistant.refusal("charge", device_type="vehicle")
    assert "takes the command charge without parameters" in await assistant.refusal("charge", target_level=80)
    assert "Charging was sent to the device, until the next command" in await assistant.say("charge")
    assert [each["action"]["command"] for each in home.pushed] == ["charge"]


async def test_stop_charging(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    assistant.expose(home.charger, "charging_enabled")
    text = await assistant.refusal("idle")
    assert "Home battery (Battery, charging)" in text
    assert "ChargePoint Home Flex (EV charger, " in text
    assert home.posts == 0
    assert "Idling" in await assistant.say("idle", device_type="battery")
    assert [each["action"] for each in home.pushed] == [{"command": "idle"}]


async def test_ready_by_morning(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    assert "already, so nothing was sent" in await assistant.say("charge", target_level=20, ready_by="07:00")
    assert home.posts == 0
    assert "Expected level: 95 % at 2026-06-15 0" in await assistant.say("charge", target_level=95, ready_by="07:00")


async def test_a_mode_is_set(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    assert "Backup" in await assistant.say("set_mode", mode="auto_reserve")
    assert [each["action"] for each in home.pushed] == [{"command": "auto.reserve"}]
    with pytest.raises(probatio.Invalid):
        await assistant.use("set_mode", mode="follow_schedule")


async def test_what_is_scheduled_is_cancelled(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    assistant.expose(home.charger, "charging_enabled")
    assert "Several" in await assistant.refusal("cancel_scheduled")
    await assistant.use("charge", name="Home battery", target_level=80, start="23:00", duration=90, then="hold")
    assert await assistant.say("cancel_scheduled") == "Home battery: Charging to 80 % was cancelled."
    assert [each["state"] for each in home.actions(home.battery)] == ["cancelled"]
    assert await assistant.refusal("cancel_scheduled", name="Home battery") == "Nothing is scheduled for Home battery"


async def test_what_cannot_be_done_is_refused_with_what_would_work(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    refused: tuple[tuple[dict[str, object], str], ...] = (
        ({"power": 99}, "power from 0"),
        ({"ready_by": "18:00", "start": "17:00"}, "not both"),
        ({"start": "2026-06-14 10:00"}, "in the past"),
        ({"then": "previous"}, "needs an end"),
    )
    for args, reason in refused:
        assert reason in await assistant.refusal("charge", **args)
    unreadable: tuple[dict[str, object], ...] = (
        {"end": "6 am"},
        {"duration": 1e9},
        {"target_level": 120},
        {"power": "much"},
    )
    for args in unreadable:
        with pytest.raises(probatio.Invalid, match=next(iter(args))):
            await assistant.use("charge", **args)
    assert home.posts == 0


async def test_an_answer_without_a_state_is_told_as_that(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)

    def without_state(request: Request, body: dict[str, Any]) -> None:
        if request.method == "POST":
            body["data"]["state"] = "on its way"

    home.between.rewrite = without_state
    assert "Charging was passed on to Amps, which does not say what became of it" in await assistant.say("charge")


async def test_what_amps_refuses_is_told(assistant: Assistant, home: Home) -> None:
    assistant.expose(home.battery)
    action_id = home.push(home.battery, "charge", start="2026-06-14T23:00:00")
    assert f"Home battery has another action ({action_id})" in await assistant.refusal("discharge")


async def test_the_conversation_calls_the_tools(assistant: Assistant, home: Home) -> None:
    pytest.importorskip("hassil")
    assistant.expose(home.battery)
    args = {"name": "Home battery"}
    result = await (await assistant.api()).async_call_tool(ToolInput(tool_name="amps__idle", tool_args=args))
    assert "Idling" in str(result.data)
    assert not result.error
