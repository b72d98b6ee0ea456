"""Secrets planted in everything that comes in are found in nothing that comes out."""

import json
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps import diagnostics
from custom_components.amps.api.models import DEVICE_CLASSES
from custom_components.amps.const import DOMAIN

from .conftest import PollNow, battery_of, device_ids, readings_of, retrieval_of
from .flow import start, submit
from .mocked_service import URL, listing, mock_service

KEY = "sk_live_canary0key"
USER = "user_canary0user"
LATITUDE = 52.37316
BIRTHDAY = "1984-02-29"
SECRETS = (KEY, USER, "canary", "Canary", str(LATITUDE), BIRTHDAY)


def _battery() -> dict[str, Any]:
    """Return a reading with secrets wherever one could stand: words, texts, numbers, dates and names of fields."""
    return {
        "id": "device_1",
        "vendor": "FoxESS",
        "userId": USER,
        "owner": {"email": "canary@home.test", "latitude": "52.canary"},
        "sync": {"available": True, "lastPulledAt": "2026-06-14T11:59:00.000Z", "token": "canary"},
        "metadata": {"model": "H1", "source": "live", "site": "canary street"},
        "state": {
            "status": "Canary Smith",
            "level": 58,
            "chargeRate": 1,
            "owner": "canary",
            "location": {"lat": LATITUDE, "lon": 4.8922},
            "born": BIRTHDAY,
            "canary": "canary",
        },
        "commands": {
            "idle": {
                "parameters": {"Canary Smith": {"unit": "canary 1"}},
                "execution": ["immediate"],
                "label": "canary",
            },
            "Canary 7": {},
        },
        "conflictStrategies": ["Canary Smith"],
        "settings": {"export_limit": {"value": "canary", "unit": "watts"}},
        "lastAction": {
            "id": "act_canary0",
            "command": "idle",
            "state": "failed",
            "createdAt": "2026-06-14T11:00:00.000Z",
            "updatedAt": "2026-06-14T11:00:05.000Z",
            "errorCode": "Canary Smith",
            "errorMessage": f"{USER} at canary street",
        },
    }


@pytest.fixture
async def account(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, caplog: pytest.LogCaptureFixture
) -> ConfigEntry:
    """Return an account full of secrets."""
    caplog.set_level(logging.DEBUG)
    batteries = listing()
    batteries["data"]["items"] = [_battery(), {"vendor": "canary", "id": None, "state": "canary"}]
    batteries["meta"]["requestId"] = "req_canary"
    mock_service(aioclient_mock, batteries)
    result = await submit(hass, await start(hass, "api_key"), api_key=KEY, advanced={"url": URL, "user_id": USER})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


async def test_diagnostics_hold_what_helps_and_nothing_else(hass: HomeAssistant, account: ConfigEntry) -> None:
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, "device_1")})
    of_account = await diagnostics.async_get_config_entry_diagnostics(hass, account)
    of_device = await diagnostics.async_get_device_diagnostics(hass, account, device)

    assert of_account == of_device
    assert of_account["account"] == {
        "simulated": False,
        "profile": None,
        "public_service": False,
        "one_end_user": True,
        "environment": "live",
        "monitor_only": False,
    }
    assert of_account["retrieval"] == {
        "last_update_success": True,
        "last_exception": None,
        "update_interval_seconds": 900,
        "devices": 1,
        "unreadable": 1,
    }
    assert isinstance(of_account["devices"], list)
    (shown,) = of_account["devices"]
    assert isinstance(shown, dict)
    assert shown["type"] == "battery"
    assert shown["vendor"] == "FoxESS"
    assert shown["state"] == {"status": "unknown_value", "level": 58.0, "charge_rate": 1.0}
    assert shown["raw_words"] == {"status": None}
    assert shown["unknown_state_fields"] == 4
    assert shown["settings"] == {"export_limit": {"value": None, "unit": "watts", "min": None, "max": None}}
    for printed in (json.dumps(of_account), json.dumps(of_device)):
        assert not [secret for secret in SECRETS if secret in printed]


async def test_the_raw_text_of_an_unknown_value_is_in_diagnostics(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    batteries = listing("device_1")
    batteries["data"]["items"][0] |= {
        "state": {"status": "standby", "currentMode": "auto.lunar"},
        "metadata": {"source": "TURBO"},
        "lastAction": {"id": "act_1", "command": "idle", "state": "deferred"},
    }
    mock_service(aioclient_mock, batteries)
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done(wait_background_tasks=True)
    found = await diagnostics.async_get_config_entry_diagnostics(hass, result["result"])
    assert isinstance(found["devices"], list)
    (shown,) = found["devices"]
    assert isinstance(shown, dict)
    assert shown["state"] == {"status": "standby", "current_mode": "unknown_value"}
    assert shown["raw_words"] == {"current_mode": "auto.lunar", "source": "TURBO"}
    assert isinstance(shown["last_action"], dict)
    assert shown["last_action"]["raw_words"] == {"state": "deferred"}


async def test_diagnostics_of_a_simulated_home_hold_every_device(
    hass: HomeAssistant, simulated_home: ConfigEntry
) -> None:
    shown = await diagnostics.async_get_config_entry_diagnostics(hass, simulated_home)
    assert isinstance(shown["devices"], list)
    assert len(shown["devices"]) == len(device_ids(hass, simulated_home))
    (kept,) = await readings_of(hass, battery_of(hass))
    (found,) = [
        device
        for device in shown["devices"]
        if isinstance(device, dict) and (device["vendor"], device["model"]) == (kept["vendor"], kept["model"])
    ]
    assert isinstance(found["commands"], dict)
    assert found["commands"].keys() == kept["commands"].keys()
    assert found["commands"]["charge"] == {
        "execution": ["immediate", "scheduled", "windowed"],
        "parameters": {
            "target": {"unit": "percent", "min": 10.0, "max": 100.0},
            "power": {"unit": "kw", "min": 0.0, "max": 5.0},
            "reserve": {"unit": "percent", "min": 0.0, "max": 100.0},
        },
    }


async def test_no_log_state_or_exception_holds_a_secret(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    caplog: pytest.LogCaptureFixture,
    poll_now: PollNow,
) -> None:
    error = {"code": "canary0", "message": f"canary of {USER} with {KEY}", "details": {"user": USER}}
    aioclient_mock.post(f"{URL}/battery/device_1", status=422, json={"success": False, "error": error})
    with pytest.raises(HomeAssistantError) as refused:
        await hass.services.async_call(DOMAIN, "idle", {"entity_id": "sensor.foxess_h1_level"}, blocking=True)

    aioclient_mock.clear_requests()
    for device_class in DEVICE_CLASSES:
        aioclient_mock.get(f"{URL}/{device_class.path}", status=500, json={"success": False, "error": error})
    await poll_now(account)
    assert not (await retrieval_of(hass, account))["last_update_success"]

    texts = [str(refused.value), repr(refused.value)]
    texts += [f"{state.state} {dict(state.attributes)}" for state in hass.states.async_all()]
    texts += [
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        if not record.name.startswith(("pytest_homeassistant", "tests."))
    ]
    assert len(texts) > 10
    assert [line for line in texts for secret in SECRETS if secret in line] == []
