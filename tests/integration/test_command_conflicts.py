"""Commands that Amps refuses since something is in the way: what that is, and what can be done about it (api §6.7)."""

from datetime import timedelta
import re
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker, AiohttpClientMockResponse
import yarl

from .accounts import add_live_account
from .actions import asked, push
from .conftest import Advance, battery_of, patiently, state_of
from .live import amps_id
from .mocked_service import URL, error, mock_service
from .service import Service
from .test_command_races import accepted, batteries, command


@pytest.fixture
async def account(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return an account with a battery, at a service whose answers tests choose."""
    document = batteries("device_1")
    document["data"]["items"][0]["conflictStrategies"] = ["cancel_and_replace"]
    mock_service(aioclient_mock, document)
    return await add_live_account(hass, URL)


def answer_with_conflicts(aioclient_mock: AiohttpClientMocker, *answers: dict[str, Any] | None) -> list[str]:
    """Answer pushes in turn with a conflict of these details, None for none; return the names of those that came."""
    left, came = list(answers), list[str]()

    async def answer(method: str, url: yarl.URL, data: bytes | None) -> AiohttpClientMockResponse:
        came.append(url.name)
        if (details := left.pop(0)) is None:
            return AiohttpClientMockResponse(method, url, status=202, json=accepted("ours"))
        document = error("CONFLICT")
        document["error"]["details"] = details
        return AiohttpClientMockResponse(method, url, status=409, json=document)

    aioclient_mock.post(f"{URL}/battery/device_1", side_effect=answer)
    return came


def show(aioclient_mock: AiohttpClientMocker, action_id: str, state: str, **more: str) -> None:
    """Let an action be in a state."""
    now = dt_util.utcnow().isoformat()
    action = {"id": action_id, "deviceId": "device_1", "command": "charge", "state": state, "createdAt": now, **more}
    aioclient_mock.get(f"{URL}/actions/{action_id}", json={"success": True, "data": action})


def reads(aioclient_mock: AiohttpClientMocker) -> list[str]:
    """Return the actions that were read, each as often as it was."""
    return [call[1].name for call in aioclient_mock.mock_calls if call[1].path.startswith("/actions/")]


async def refusal(hass: HomeAssistant, account: ConfigEntry, pass_time: Advance) -> HomeAssistantError:
    """Return the error of a command, however long it waits for what is in flight."""
    with pytest.raises(HomeAssistantError) as raised:
        await patiently(command(hass, account, "idle", "device_1"), pass_time)
    assert "FoxESS" in str(raised.value)
    assert "–" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize(
    "details",
    [
        {"reason": "no_strategy_supplied", "conflictingActionIds": ["act_1"], "strategies": ["cancel_and_replace"]},
        # An older sample, and the short body: what is missing says nothing about the action.
        {"conflictingActionIds": ["act_1"], "strategies": ["cancel_and_replace"]},
        {"conflictingActionIds": ["act_1"]},
    ],
    ids=["full", "older", "short"],
)
@pytest.mark.parametrize(
    ("state", "more", "key", "text"),
    [
        ("scheduled", {"start": "2026-06-14T23:00:00Z"}, "action_in_the_way", "Cancel that one while it is scheduled"),
        ("acknowledged", {}, "device_busy", "Wait for its end"),
        ("acknowledged", {"end": "2026-06-14T20:30:00Z"}, "device_busy", "It ends at 2026-06-14 13:30-07:00"),
    ],
)
async def test_whether_an_action_is_in_flight_is_learnt_from_its_own_state(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    details: dict[str, Any],
    state: str,
    more: dict[str, str],
    key: str,
    text: str,
    pass_time: Advance,
) -> None:
    came = answer_with_conflicts(aioclient_mock, details)
    show(aioclient_mock, "act_1", state, **more)
    err = await refusal(hass, account, pass_time)
    assert err.translation_key == key
    assert text in str(err)
    assert "act_1" in str(err)
    assert set(came) == {"device_1"}
    assert set(reads(aioclient_mock)) == {"act_1"}


async def test_what_is_known_of_an_action_is_not_asked_for_again(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    details = {"conflictingActionIds": ["act_1"]}
    answer_with_conflicts(aioclient_mock, details, details, details)
    show(aioclient_mock, "act_1", "scheduled", start=(dt_util.utcnow() + timedelta(hours=1)).isoformat())
    for _ in range(2):
        assert (await refusal(hass, account, pass_time)).translation_key == "action_in_the_way"
    assert reads(aioclient_mock) == ["act_1"]


async def test_an_action_that_was_scheduled_may_have_begun(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    await add_live_account(hass, service.url)
    await pass_time(timedelta(minutes=1))
    battery = battery_of(hass)
    start_at = "2026-06-14T13:03:00"  # noon in UTC is one o'clock at the plant
    theirs = push(service, amps_id(battery), "charge", start=start_at, end="2026-06-14T15:00:00")

    async def idle() -> HomeAssistantError:
        with pytest.raises(HomeAssistantError) as raised:
            await hass.services.async_call("amps", "idle", {"device_id": battery.id}, blocking=True)
        assert theirs in str(raised.value)
        return raised.value

    assert (await idle()).translation_key == "action_in_the_way"
    assert state_of(hass, battery, "last_action") == "scheduled"
    await pass_time(timedelta(minutes=2, seconds=1))
    assert (await idle()).translation_key == "device_busy"
    assert len(asked(service)["push"]) == 2


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled", "gone"])
async def test_what_is_over_by_now_is_tried_once_more(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, state: str
) -> None:
    came = answer_with_conflicts(aioclient_mock, {"conflictingActionIds": ["act_1", "act_2"]}, None)
    show(aioclient_mock, "act_1", "completed")
    if state == "gone":
        aioclient_mock.get(f"{URL}/actions/act_2", status=404, json=error("NOT_FOUND"))
    else:
        show(aioclient_mock, "act_2", state)
    (answer,) = (await command(hass, account, "idle", "device_1"))["devices"].values()
    assert answer["action"]["id"] == "act_ours"
    assert came == ["device_1"] * 2


async def test_what_is_over_is_tried_no_more_than_once(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    details = {"conflictingActionIds": ["act_1"]}
    came = answer_with_conflicts(aioclient_mock, details, details, None)
    show(aioclient_mock, "act_1", "completed")
    assert (await refusal(hass, account, pass_time)).translation_key == "conflict_persists"
    assert came == ["device_1"] * 2


async def test_one_in_flight_is_enough_to_have_to_wait(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    answer_with_conflicts(aioclient_mock, {"conflictingActionIds": ["act_1", "act_2", "act_3"]})
    for action_id, state in (("act_1", "completed"), ("act_2", "acknowledged"), ("act_3", "scheduled")):
        show(aioclient_mock, action_id, state, start=(dt_util.utcnow() + timedelta(hours=1)).isoformat())
    err = await refusal(hass, account, pass_time)
    assert err.translation_key == "device_busy"
    assert [each for each in ("act_1", "act_2", "act_3") if each in str(err)] == ["act_2"]


async def test_an_action_of_which_nothing_can_be_learnt_is_named(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    answer_with_conflicts(aioclient_mock, {"conflictingActionIds": ["act_1"]})
    aioclient_mock.get(f"{URL}/actions/act_1", status=503, json=error("SERVICE_UNAVAILABLE"))
    err = await refusal(hass, account, pass_time)
    assert err.translation_key == "action_in_the_way"
    assert "act_1" in str(err)


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"reason": "foreign_schedule"},
        {"reason": "foreign_schedule", "conflictingActionIds": ["act_1"]},
        {"reason": 7, "conflictingActionIds": ["act_1"]},
        {"reason": ["no_strategy_supplied"], "conflictingActionIds": ["act_1"]},
        {"reason": "no_strategy_supplied"},
        {"conflictingActionIds": []},
        {"conflictingActionIds": "act_1"},
        {"conflictingActionIds": ["", ".", ".."]},
    ],
    ids=str,
)
async def test_what_is_no_action_of_amps_is_reported_as_something_else(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    details: dict[str, Any],
    pass_time: Advance,
) -> None:
    came = answer_with_conflicts(aioclient_mock, details)
    err = await refusal(hass, account, pass_time)
    assert err.translation_key == "other_in_the_way"
    assert "manufacturer's app" in str(err)
    assert came == ["device_1"]
    assert reads(aioclient_mock) == []


async def test_an_answer_that_names_many_actions_is_not_followed_for_ever(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    ids = [f"act_{number}\n{'x' * 1000}" for number in range(1000)]
    answer_with_conflicts(aioclient_mock, {"conflictingActionIds": ids})
    aioclient_mock.get(re.compile(f"{URL}/actions/.*"), status=503, json=error("SERVICE_UNAVAILABLE"))
    err = await refusal(hass, account, pass_time)
    assert len(reads(aioclient_mock)) <= 10
    assert len(str(err)) < 2000
    assert "\n" not in str(err)


async def test_a_conflict_keeps_the_code_of_amps(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    answer_with_conflicts(aioclient_mock, {})
    err = await refusal(hass, account, pass_time)
    assert err.translation_placeholders is not None
    assert err.translation_placeholders["code"] == "CONFLICT"
