"""The dialog of the options: how often, how much, in which unit, and whether anything may be changed (design §3)."""

from collections.abc import Mapping
import math
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import UnitOfLength, UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .account.identity import known_devices
from .api.client import PAGE_SIZE
from .api.models import DEVICE_CLASSES
from .api.webhook import read_secret
from .const import (
    CONF_MONITOR_ONLY,
    CONF_RANGE_UNIT,
    CONF_REQUEST_CEILING,
    CONF_SEED,
    CONF_SEND_WEBHOOKS,
    CONF_TEMPO,
    CONF_WEBHOOK_SECRET,
    DEFAULT_RANGE_UNIT,
    DEFAULT_TEMPO,
)
from .push.address import async_webhook_url
from .runtime import AmpsConfigEntry

SHORTEST_TEMPO: Final = DEFAULT_TEMPO
LONGEST_TEMPO: Final = 240
"""Minutes; what is older says nothing about a house any more (design §4)."""
LOWEST_REQUEST_CEILING: Final = 30
HIGHEST_REQUEST_CEILING: Final = 100_000
"""Requests an hour. The lists of a home alone take up to 20; no account needs as many as the highest."""

CONF_WEBHOOK: Final = "webhook"
"""Whether to ask for the webhook, too; what is kept is its secret."""


def _whole_number(config: NumberSelectorConfig) -> vol.All[int]:
    return vol.All(NumberSelector({**config, "mode": NumberSelectorMode.BOX}), vol.Coerce(int))


_COMMON: Final = vol.Schema(
    {
        vol.Required(CONF_RANGE_UNIT, default=DEFAULT_RANGE_UNIT): SelectSelector(
            SelectSelectorConfig(options=[UnitOfLength.KILOMETERS, UnitOfLength.MILES], translation_key=CONF_RANGE_UNIT)
        ),
        vol.Required(CONF_MONITOR_ONLY, default=False): BooleanSelector(),
    }
)
SIMULATED_SCHEMA: Final = _COMMON.extend({vol.Required(CONF_SEND_WEBHOOKS, default=False): BooleanSelector()})
ACCOUNT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_TEMPO, default=DEFAULT_TEMPO): _whole_number(
            NumberSelectorConfig(min=SHORTEST_TEMPO, max=LONGEST_TEMPO, unit_of_measurement=UnitOfTime.MINUTES)
        ),
        vol.Optional(CONF_REQUEST_CEILING): _whole_number(
            NumberSelectorConfig(min=LOWEST_REQUEST_CEILING, max=HIGHEST_REQUEST_CEILING)
        ),
        **_COMMON.schema,
        vol.Required(CONF_WEBHOOK, default=False): BooleanSelector(),
    }
)
WEBHOOK_SCHEMA: Final = vol.Schema(
    {vol.Optional(CONF_WEBHOOK_SECRET): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))}
)


def _lists_per_hour(devices: int, interval: float) -> float:
    """Return how many requests an hour the lists take at most, page by page: those without devices are read hourly.

    The interval between two readings is in minutes.
    """
    return (len(DEVICE_CLASSES) + devices // PAGE_SIZE) * max(60 / interval, 1)


def lowest_ceiling(devices: int, interval: float) -> int:
    """Return how many requests an hour an account needs: for its lists, and for each device at the longest interval."""
    return max(math.ceil(_lists_per_hour(devices, interval) + devices * 60 / LONGEST_TEMPO), LOWEST_REQUEST_CEILING)


def oldest_reading(devices: int, interval: float, ceiling: int) -> float:
    """Return how many minutes pass between two readings of a device when a ceiling spreads them."""
    return max(60 * devices / (ceiling - _lists_per_hour(devices, interval)), interval)


class AmpsOptionsFlow(OptionsFlowWithReload):
    """Changes how an account is read; whatever changes takes effect by loading the account anew."""

    _options: Mapping[str, Any]
    """What was chosen in the first step."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all options that have an effect; a simulated home is not spared any requests."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not self._is_ceiling_too_low(user_input):
                self._options = {key: value for key, value in user_input.items() if key != CONF_WEBHOOK}
                if user_input.get(CONF_WEBHOOK):
                    return await self.async_step_webhook()
                return self.async_create_entry(data=self._options)
            errors = {CONF_REQUEST_CEILING: "request_ceiling_too_low"}
        entry: AmpsConfigEntry = self.config_entry
        options = user_input or {**entry.options, CONF_WEBHOOK: CONF_WEBHOOK_SECRET in entry.options}
        devices, interval = len(known_devices(self.hass, entry)), options.get(CONF_TEMPO, DEFAULT_TEMPO)
        lowest = lowest_ceiling(devices, interval)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                SIMULATED_SCHEMA if CONF_SEED in entry.data else ACCOUNT_SCHEMA, options
            ),
            errors=errors,
            description_placeholders={
                "devices": str(devices),
                "lists": f"{math.ceil(_lists_per_hour(devices, interval))}",
                "lowest": str(lowest),
                "minutes": f"{math.ceil(oldest_reading(devices, interval, lowest))}",
            },
        )

    async def async_step_webhook(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show where Amps is to deliver, and ask for the secret that it signs with; without one there is no webhook."""
        entry: AmpsConfigEntry = self.config_entry
        errors: dict[str, str] = {}
        if user_input is not None:
            secret = user_input.get(CONF_WEBHOOK_SECRET, "").strip()
            if not secret:
                return self.async_create_entry(data=self._options)
            if read_secret(secret) is not None:
                return self.async_create_entry(data={**self._options, CONF_WEBHOOK_SECRET: secret})
            errors = {CONF_WEBHOOK_SECRET: "invalid_webhook_secret"}
        return self.async_show_form(
            step_id="webhook",
            data_schema=self.add_suggested_values_to_schema(WEBHOOK_SCHEMA, user_input or entry.options),
            errors=errors,
            description_placeholders={"webhook_url": await async_webhook_url(self.hass, entry)},
        )

    def _is_ceiling_too_low(self, options: Mapping[str, Any]) -> bool:
        """Return whether a ceiling would not let the lists and each device be read; in the sandbox it has no effect."""
        entry: AmpsConfigEntry = self.config_entry
        if (ceiling := options.get(CONF_REQUEST_CEILING)) is None:
            return False
        if entry.state is ConfigEntryState.LOADED and entry.runtime_data.coordinator.state.policy.sandbox:
            return False
        return bool(ceiling < lowest_ceiling(len(known_devices(self.hass, entry)), options[CONF_TEMPO]))
