"""The dialogs of the integration, as a person uses them."""

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.amps.const import DOMAIN


async def start(hass: HomeAssistant, step: str) -> ConfigFlowResult:
    """Open the dialog and choose from its menu."""
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["api_key", "simulated_home"]
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": step})


async def submit(hass: HomeAssistant, form: ConfigFlowResult, **typed: object) -> ConfigFlowResult:
    """Fill in a form and send it."""
    assert form["type"] is FlowResultType.FORM
    return await hass.config_entries.flow.async_configure(form["flow_id"], typed)


def defaults(form: ConfigFlowResult) -> object:
    """Return what a form sends when nothing is changed in it."""
    schema = form["data_schema"]
    assert schema is not None
    return schema({})


async def ask_for_key(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Return the form that Home Assistant shows when an entry asks for a new key."""
    entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN, match_context={"source": SOURCE_REAUTH})
    return await hass.config_entries.flow.async_configure(flow["flow_id"])
