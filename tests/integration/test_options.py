"""The options: what can be chosen, what is refused, and that a choice takes effect at once."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.amps.const import DOMAIN

from .accounts import add_account, entities_of, states_of
from .conftest import Advance
from .flow import defaults, start, submit
from .mocked_service import URL, error, listing, mock_service
from .service import ServeHome

RANGE = "sensor.tesla_range"


@pytest.fixture
async def account(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return an account in a house that counts in kilometres."""
    return await add_account_with_vehicle(hass, aioclient_mock)


async def add_account_with_vehicle(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Add a live account whose vehicle has a range of 300, of whatever."""
    vehicles = listing("vehicle_1")
    vehicles["data"]["items"][0] |= {"vendor": "Tesla", "state": {"range": 300}}
    aioclient_mock.get(f"{URL}/vehicle", json=vehicles)
    mock_service(aioclient_mock, listing("device_1"))
    form = await start(hass, "api_key")
    result = await submit(hass, form, api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done()
    return result["result"]


async def open_form(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Return what a person sees who chooses the options of an entry."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "init")
    return form


async def choose(hass: HomeAssistant, entry: ConfigEntry, **chosen: object) -> ConfigFlowResult:
    """Choose options and let them take effect."""
    form = await open_form(hass, entry)
    result = await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def suggested(form: ConfigFlowResult) -> dict[str, object]:
    """Return what the fields of a form are filled with."""
    schema = form["data_schema"]
    assert schema is not None
    return {str(field): field.description["suggested_value"] for field in schema.schema}


def shown_range(hass: HomeAssistant) -> tuple[float, object]:
    """Return what the sensor of the vehicle's range shows, and in which unit."""
    state = hass.states.get(RANGE)
    assert state is not None
    return round(float(state.state), 1), state.attributes["unit_of_measurement"]


async def test_what_is_not_chosen_is_the_default(hass: HomeAssistant, account: ConfigEntry) -> None:
    chosen = {"tempo": 15, "range_unit": "km", "monitor_only": False, "webhook": False}
    assert defaults(await open_form(hass, account)) == chosen
    assert account.options == {}
    assert shown_range(hass) == (300, "km")


async def test_choices_are_kept_and_shown_again(hass: HomeAssistant, account: ConfigEntry) -> None:
    chosen = {"tempo": 60, "request_ceiling": 120, "range_unit": "mi", "monitor_only": True}
    result = await choose(hass, account, **chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert account.options == chosen
    assert all(isinstance(account.options[key], int) for key in ("tempo", "request_ceiling"))
    assert suggested(await open_form(hass, account)) == {**chosen, "webhook": False}


async def test_a_ceiling_can_be_taken_away(hass: HomeAssistant, account: ConfigEntry) -> None:
    await choose(hass, account, tempo=15, request_ceiling=30, range_unit="km")
    assert account.options["request_ceiling"] == 30
    await choose(hass, account, tempo=15, range_unit="km")
    assert account.options == {"tempo": 15, "range_unit": "km", "monitor_only": False}


@pytest.mark.parametrize(
    "chosen",
    [
        {"tempo": 14},
        {"tempo": 241},
        {"tempo": 14.99},
        {"tempo": "often"},
        {"tempo": None},
        {"tempo": float("nan")},
        {"tempo": float("inf")},
        {"request_ceiling": 29},
        {"request_ceiling": 0},
        {"request_ceiling": -1},
        {"request_ceiling": 1e300},
        {"request_ceiling": "none"},
        {"range_unit": "furlong"},
        {"range_unit": None},
        {"range_unit": ["km"]},
        {"webhook_secret": "whsec_AAEC"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_and_can_be_corrected(
    hass: HomeAssistant, account: ConfigEntry, chosen: dict[str, Any]
) -> None:
    states = states_of(account)
    form = await open_form(hass, account)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    await hass.async_block_till_done()
    assert account.options == {}
    assert states == []
    result = await hass.config_entries.options.async_configure(form["flow_id"], {"tempo": 240})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert account.options == {"tempo": 240, "range_unit": "km", "monitor_only": False}


@pytest.mark.parametrize(
    ("devices", "interval", "lowest", "minutes"),
    [
        # Five lists of two pages each at most, four times an hour, and each device once in four hours.
        (300, 15, 119, 240),
        (300, 60, 86, 240),
        (300, 240, 86, 240),
        (1000, 15, 350, 240),
        # What a home needs is less than the lowest ceiling of all, which leaves more for each device.
        (8, 15, 30, 48),
        (2, 60, 30, 60),
    ],
)
async def test_a_ceiling_that_cannot_even_read_the_lists_is_refused(
    hass: HomeAssistant, account: ConfigEntry, devices: int, interval: int, lowest: int, minutes: int
) -> None:
    registry = dr.async_get(hass)
    for number in range(devices - 2):  # two are there already
        registry.async_get_or_create(
            config_entry_id=account.entry_id, identifiers={(DOMAIN, f"device_of_many_{number}")}
        )
    form = await open_form(hass, account)
    said = {"devices": str(devices), "lowest": str(lowest), "minutes": str(minutes)}
    if lowest > 30:
        chosen = {"tempo": interval, "request_ceiling": lowest - 1, "range_unit": "mi", "monitor_only": False}
        form = await hass.config_entries.options.async_configure(form["flow_id"], chosen)
        assert form["type"] is FlowResultType.FORM
        assert form["errors"] == {"request_ceiling": "request_ceiling_too_low"}
        assert form["description_placeholders"] is not None
        assert said.items() <= form["description_placeholders"].items()
        assert suggested(form) == {**chosen, "webhook": False}
        assert account.options == {}
        texts = await async_get_translations(hass, "en", "options", {DOMAIN})
        text = texts[f"component.{DOMAIN}.options.error.request_ceiling_too_low"]
        assert f" {lowest} " in text.format(**form["description_placeholders"])
    chosen = {"tempo": interval, "request_ceiling": lowest, "range_unit": "km", "monitor_only": False}
    result = await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.options == chosen
    form = await open_form(hass, account)
    assert form["description_placeholders"] is not None
    assert said.items() <= form["description_placeholders"].items()
    assert suggested(form) == {**chosen, "webhook": False}


async def test_a_ceiling_has_no_effect_in_the_sandbox(hass: HomeAssistant, serve_home: ServeHome) -> None:
    service = await serve_home("fleet", fleet=300)
    account = await add_account(hass, service.url)
    result = await choose(hass, account, tempo=15, request_ceiling=30, range_unit="km")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_change_loads_the_account_anew_once(hass: HomeAssistant, account: ConfigEntry) -> None:
    states, before = states_of(account), entities_of(hass, account)
    await choose(hass, account, tempo=30, range_unit="km")
    assert states.count(ConfigEntryState.LOADED) == 1
    assert entities_of(hass, account) == before

    states.clear()
    await choose(hass, account, tempo=30, range_unit="km")
    assert states == []


async def test_a_longer_tempo_asks_less_often(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, advance: Advance
) -> None:
    for path in ("battery/device_1", "vehicle/vehicle_1"):
        aioclient_mock.get(f"{URL}/{path}", status=503, json=error("SERVICE_UNAVAILABLE"))
    await choose(hass, account, tempo=60, range_unit="km")
    aioclient_mock.mock_calls.clear()
    for _ in range(2):
        await advance(timedelta(minutes=29))
    assert "/battery" not in {call[1].path for call in aioclient_mock.mock_calls}
    await advance(timedelta(minutes=3))
    assert "/battery" in {call[1].path for call in aioclient_mock.mock_calls}


async def test_a_range_means_what_is_chosen(hass: HomeAssistant, account: ConfigEntry) -> None:
    await choose(hass, account, tempo=15, range_unit="mi")
    assert shown_range(hass) == (482.8, "km")
    await choose(hass, account, tempo=15, range_unit="km")
    assert shown_range(hass) == (300, "km")


async def test_the_unit_that_a_person_chose_for_the_entity_stays(hass: HomeAssistant, account: ConfigEntry) -> None:
    er.async_get(hass).async_update_entity_options(RANGE, "sensor", {"unit_of_measurement": "mi"})
    await hass.async_block_till_done()
    assert shown_range(hass) == (186.4, "mi")
    await choose(hass, account, tempo=15, range_unit="mi")
    assert shown_range(hass) == (300, "mi")


async def test_a_house_that_counts_in_miles_sees_miles(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    hass.config.units = US_CUSTOMARY_SYSTEM
    account = await add_account_with_vehicle(hass, aioclient_mock)
    assert shown_range(hass) == (186.4, "mi")
    await choose(hass, account, tempo=15, range_unit="mi")
    assert shown_range(hass) == (300, "mi")


async def test_a_simulated_home_offers_only_what_has_an_effect(
    hass: HomeAssistant, simulated_home: ConfigEntry
) -> None:
    assert defaults(await open_form(hass, simulated_home)) == {
        "range_unit": "km",
        "monitor_only": False,
        "send_webhooks": False,
    }
    result = await choose(hass, simulated_home, range_unit="mi")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert simulated_home.options == {"range_unit": "mi", "monitor_only": False, "send_webhooks": False}
    form = await open_form(hass, simulated_home)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(form["flow_id"], {"tempo": 30})


async def test_the_form_reaches_a_browser_with_a_text_for_every_field(
    hass: HomeAssistant, account: ConfigEntry, socket_enabled: None, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()
    answer = await client.post("/api/config/config_entries/options/flow", json={"handler": account.entry_id})
    fields = {field["name"]: field for field in (await answer.json())["data_schema"]}
    assert fields.keys() == {"tempo", "request_ceiling", "range_unit", "monitor_only", "webhook"}
    number = fields["tempo"]["selector"]["number"]
    assert (number["min"], number["max"], number["unit_of_measurement"]) == (15, 240, "min")
    assert [name for name, field in fields.items() if not field.get("required")] == ["request_ceiling"]
    texts = await async_get_translations(hass, "en", "options", {DOMAIN})
    for name in fields:
        assert texts[f"component.amps.options.step.init.data.{name}"]
        assert texts[f"component.amps.options.step.init.data_description.{name}"]
