"""An action as Home Assistant registers it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers.typing import VolSchemaType


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAction:
    """What is registered for an action."""

    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    schema: VolSchemaType
    supports_response: SupportsResponse = SupportsResponse.NONE
    admin_only: bool = False
