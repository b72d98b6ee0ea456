"""The control surface under `/_simulator/`: not part of the API, and used without a key (api §15.3 #49)."""

from ..routing import RouteTable
from .clock import CLOCK_ROUTES
from .devices import DEVICE_ROUTES
from .faults import FAULT_ROUTES
from .live import LIVE_ROUTES
from .state import STATE_ROUTES
from .webhooks import WEBHOOK_ROUTES
from .world import WORLD_ROUTES

PREFIX = "/_simulator"

CONTROL_ROUTES: RouteTable = {
    **CLOCK_ROUTES,
    **DEVICE_ROUTES,
    **FAULT_ROUTES,
    **LIVE_ROUTES,
    **STATE_ROUTES,
    **WEBHOOK_ROUTES,
    **WORLD_ROUTES,
}

__all__ = ["CONTROL_ROUTES", "PREFIX"]
