"""A voice assistant: the language model's side of Home Assistant's API, without the model."""

from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.llm import LLM_API_ASSIST, APIInstance, LLMContext, ToolInput, ToolResult, async_get_api
from homeassistant.setup import async_setup_component
import pytest

from .commanding import Home

ASSISTANT = "conversation"


@dataclass(kw_only=True)
class Assistant:
    """An assistant to which nothing is exposed but what a test exposes."""

    home: Home
    context: Context = field(default_factory=Context)
    """Who speaks."""
    device_id: str | None = None
    """What is spoken to."""

    def expose(self, device: dr.DeviceEntry, *keys: str) -> None:
        """Expose entities of a device: its mode, unless said otherwise."""
        registry = er.async_get(self.home.hass)
        wanted = keys or ("mode",)
        found = [each for each in er.async_entries_for_device(registry, device.id) if each.translation_key in wanted]
        assert {each.translation_key for each in found} == set(wanted)
        for each in found:
            async_expose_entity(self.home.hass, ASSISTANT, each.entity_id, should_expose=True)

    async def api(self) -> APIInstance:
        """Return what the model is offered now."""
        context = LLMContext(
            platform="test", context=self.context, language="en", assistant=ASSISTANT, device_id=self.device_id
        )
        return await async_get_api(self.home.hass, LLM_API_ASSIST, context)

    async def offered(self) -> set[str]:
        """Return the tools of Amps that are offered now."""
        return {name for tool in (await self.api()).tools if (name := tool.name).startswith("amps__")}

    async def use(self, tool: str, api: APIInstance | None = None, /, **args: object) -> ToolResult:
        """Call a tool as the model does."""
        instance = api or await self.api()
        # By itself: the instance loads the conversation integration, which is not installed for the oldest version.
        (found,) = (each for each in instance.tools if each.name == f"amps__{tool}")
        result = await found.async_call(
            self.home.hass, ToolInput(tool_name=found.name, tool_args=args), instance.llm_context
        )
        assert isinstance(result, ToolResult)
        return result

    async def say(self, tool: str, **args: object) -> str:
        """Return what a tool answers, the answers about several devices on lines of their own."""
        data: Any = (await self.use(tool, **args)).data
        return "\n".join(data["devices"]) if "devices" in data else str(data["result"])

    async def refusal(self, tool: str, **args: object) -> str:
        """Return what the model is told when a call fails."""
        with pytest.raises(HomeAssistantError) as raised:
            await self.use(tool, **args)
        return str(raised.value)


@pytest.fixture
async def assistant(home: Home) -> Assistant:
    """Return an assistant of a home whose battery is called as people do."""
    hass = home.hass
    assert await async_setup_component(hass, "homeassistant", {})
    hass.data[DATA_EXPOSED_ENTITIES].async_set_expose_new_entities(ASSISTANT, expose_new=False)
    assert await async_setup_component(hass, "llm", {})
    dr.async_get(hass).async_update_device(home.battery.id, name_by_user="Home battery")
    home.forget()
    return Assistant(home=home)
