"""What an account has while it is loaded."""

from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry

from .control.defaults import LocalDefaults
from .coordinator import AmpsCoordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class AmpsRuntime:
    """The parts of a loaded account that entities, actions and diagnostics use."""

    coordinator: AmpsCoordinator
    defaults: LocalDefaults = field(default_factory=LocalDefaults)


type AmpsConfigEntry = ConfigEntry[AmpsRuntime]
