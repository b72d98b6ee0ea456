"""The dialog of the options: how often, how much, and in which unit (design §3)."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import UnitOfLength, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)
import voluptuous as vol

from .const import (
    CONF_RANGE_UNIT,
    CONF_REQUEST_CEILING,
    CONF_SEED,
    CONF_TEMPO,
    DEFAULT_RANGE_UNIT,
    DEFAULT_TEMPO,
)

SHORTEST_TEMPO: Final = DEFAULT_TEMPO
LONGEST_TEMPO: Final = 240
"""Minutes; what is older says nothing about a house any more (design §4)."""
LOWEST_REQUEST_CEILING: Final = 30
HIGHEST_REQUEST_CEILING: Final = 100_000
"""Requests an hour. The lists alone take up to 20; no account needs as many as the highest."""


def _whole_number(config: NumberSelectorConfig) -> vol.All[int]:
    return vol.All(NumberSelector({**config, "mode": NumberSelectorMode.BOX}), vol.Coerce(int))


SIMULATED_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_RANGE_UNIT, default=DEFAULT_RANGE_UNIT): SelectSelector(
            SelectSelectorConfig(options=[UnitOfLength.KILOMETERS, UnitOfLength.MILES], translation_key=CONF_RANGE_UNIT)
        )
    }
)
ACCOUNT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_TEMPO, default=DEFAULT_TEMPO): _whole_number(
            NumberSelectorConfig(min=SHORTEST_TEMPO, max=LONGEST_TEMPO, unit_of_measurement=UnitOfTime.MINUTES)
        ),
        vol.Optional(CONF_REQUEST_CEILING): _whole_number(
            NumberSelectorConfig(min=LOWEST_REQUEST_CEILING, max=HIGHEST_REQUEST_CEILING)
        ),
        **SIMULATED_SCHEMA.schema,
    }
)


class AmpsOptionsFlow(OptionsFlowWithReload):
    """Changes how an account is read; whatever changes takes effect by loading the account anew."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all options that have an effect; a simulated home is not spared any requests."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        schema = SIMULATED_SCHEMA if CONF_SEED in self.config_entry.data else ACCOUNT_SCHEMA
        return self.async_show_form(
            step_id="init", data_schema=self.add_suggested_values_to_schema(schema, self.config_entry.options)
        )
