"""The repairs that Home Assistant carries out when the user asks for it (design §6; api §6.7)."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .account.action_events import parameters_data
from .account.action_texts import command_text, text, time_text
from .account.issues import DATA_DEVICE_ID, DATA_ENTRY_ID
from .api import escape_markdown
from .api.models import Action
from .const import DOMAIN
from .control.runner import async_run_command
from .control.targets import Target
from .coordinator import AmpsCoordinator
from .rules.capability import CommandRequest
from .rules.native_scheduler import LockedOut, replacing_request
from .runtime import AmpsConfigEntry


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialog of the only repair that has one."""
    return SchedulerActiveFlow()


class SchedulerActiveFlow(RepairsFlow):
    """Sends a command once more that a device's own scheduler kept from being carried out, and deletes that schedule.

    Before it sends anything it looks again at what is in the way, and at what is left of the command's window.
    """

    _shown: Action | None = None
    """The action whose command the user was asked about."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Start with the question whether to delete the schedule."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask, and send the command when the user agrees."""
        if (coordinator := self._coordinator) is None:
            return self.async_abort(reason="account_not_loaded")
        if (locked_out := coordinator.issues.find_locked_out(self._device_id)) is None:
            return self.async_abort(reason="scheduler_not_in_the_way")
        if (request := replacing_request(locked_out, coordinator.state.service_time())) is None:
            return self.async_abort(reason="window_over")
        action, error = locked_out.action, None
        if user_input is not None and self._shown is not None and self._shown.id == action.id:
            error = await self._async_send(coordinator, action, request)
            if error is None:
                return self.async_create_entry(data={})
        self._shown = action
        device, plan = coordinator.issues.device_name(self._device_id), self._plan_text(locked_out, request)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            errors={"base": "command_not_sent"} if error else None,
            description_placeholders={
                "device_markdown": escape_markdown(device),
                "plan_markdown": escape_markdown(plan),
                "error": error or "",
            },
        )

    @property
    def _device_id(self) -> str:
        return str((self.data or {})[DATA_DEVICE_ID])

    @property
    def _coordinator(self) -> AmpsCoordinator | None:
        """The coordinator of the account, None while that is not loaded."""
        entry_id = str((self.data or {})[DATA_ENTRY_ID])
        entry: AmpsConfigEntry | None = self.hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return entry.runtime_data.coordinator

    async def _async_send(self, coordinator: AmpsCoordinator, action: Action, request: CommandRequest) -> str | None:
        """Send the command; return what went wrong, in the language of Home Assistant, None if nothing did."""
        name = coordinator.issues.device_name(self._device_id)
        target = Target(coordinator=coordinator, device_id=self._device_id, name=name, named=True)
        caller = coordinator.action_events.context_for(action.id)
        try:
            await async_run_command(target, request, Context(parent_id=caller.id))
        except HomeAssistantError as err:
            return await self._async_error_text(err)
        coordinator.follow_ups.discard(self._device_id, action.id)
        return None

    async def _async_error_text(self, err: HomeAssistantError) -> str:
        texts = await async_get_translations(self.hass, self.hass.config.language, "exceptions", [DOMAIN])
        found = texts.get(f"component.{DOMAIN}.exceptions.{err.translation_key}.message")
        return str(err) if found is None else found.format(**(err.translation_placeholders or {}))

    def _plan_text(self, locked_out: LockedOut, request: CommandRequest) -> str:
        """Return what would be sent: "charge to 90 %, from 2026-06-14 23:30 to 05:30, then self-consumption"."""
        action, then = locked_out.action, locked_out.then
        plan = command_text(self.hass, "plan", action.command, parameters_data(action))
        if action.end is not None and request.times.start is None:
            when = text(self.hass, "plan_until", plan=plan, end=time_text(action.end))
        elif action.start is not None and action.end is not None:
            times = {"start": time_text(action.start), "end": time_text(action.end, action.start)}
            when = text(self.hass, "plan_window", plan=plan, **times)
        elif action.start is not None and request.times.start is not None:
            when = text(self.hass, "plan_from", plan=plan, start=time_text(action.start))
        else:
            when = text(self.hass, "plan_at_once", plan=plan)
        if then is None:
            return when or plan
        setpoints = {name: {"value": each.value, "unit": each.unit} for name, each in then.parameters.items()}
        following = command_text(self.hass, "plan", then.command, setpoints)
        return text(self.hass, "plan_then", plan=when or plan, then=following) or plan
