"""The platform of tools for language models, such as voice assistants (design §7)."""

from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.llm import LLM_API_ASSIST, LLMContext

from .llm_tools.exposed import exposed_devices
from .llm_tools.tools import GetDevicesTool, offered_tools


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """Return the tools for the devices that are exposed to the assistant, None where there are none."""
    if api_id != LLM_API_ASSIST or not (devices := exposed_devices(hass, llm_context.assistant)):
        return None
    names = ", ".join(each.label for each in devices)
    return LLMTools(
        tools=offered_tools(devices),
        prompt=(
            f"Energy devices of Amps: {names}. Ask {GetDevicesTool.name} how they are and what is scheduled for them; "
            "it says how old each reading is, so say so where that matters. To command them, prefer the tools of Amps."
        ),
    )
