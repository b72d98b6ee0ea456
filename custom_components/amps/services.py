"""The actions (design §6): what automations, scripts and people call."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_register_admin_service

from .const import DOMAIN
from .service_actions import commands, history, readings, settings, simulator
from .service_actions.service_action import ServiceAction

ACTIONS: Final[Mapping[str, ServiceAction]] = {
    **commands.ACTIONS,
    **settings.ACTIONS,
    **history.ACTIONS,
    **readings.ACTIONS,
    **simulator.ACTIONS,
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which are there whether or not an account is loaded."""
    for name, action in ACTIONS.items():
        if action.admin_only:
            async_register_admin_service(
                hass, DOMAIN, name, action.handler, action.schema, supports_response=action.supports_response
            )
        else:
            hass.services.async_register(
                DOMAIN, name, action.handler, action.schema, supports_response=action.supports_response
            )
