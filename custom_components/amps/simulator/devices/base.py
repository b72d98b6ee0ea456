"""What all device types have in common: declarations (api §5) and behaviour over time."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

import orjson
from pydantic import ConfigDict

from ..fields import SAVED, Number
from ..wire import JSON, JSONObject, frozen

IMMEDIATE = "immediate"
SCHEDULED = "scheduled"
WINDOWED = "windowed"
ANY_EXECUTION = (IMMEDIATE, SCHEDULED, WINDOWED)
OPEN_ENDED = (IMMEDIATE, SCHEDULED)

CANCEL_AND_REPLACE = "cancel_and_replace"
QUEUE_AFTER = "queue_after"

IDLE = "idle"


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One declared input of a command."""

    unit: str
    low: float
    high: float

    def document(self) -> JSONObject:
        """Return it as in a reading."""
        return {"unit": self.unit, "min": self.low, "max": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One declared command.

    A reading cannot declare which parameters are `required` and which must be `ascending`; both are checked all the
    same (api §15.3 #37).
    """

    execution: tuple[str, ...]
    parameters: Mapping[str, ParameterSpec] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    ascending: tuple[str, ...] = ()

    def document(self) -> JSONObject:
        """Return it as in a reading."""
        return {
            "parameters": {name: parameter.document() for name, parameter in self.parameters.items()},
            "execution": self.execution,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """One declared setting: a number with a unit and bounds, or without a unit a read-only flag.

    Some readings leave the bounds out (api §5); they are checked all the same.
    """

    default: float | bool
    unit: str | None = None
    low: float = 0
    high: float = 0
    bounds_shown: bool = True

    def document(self, value: float) -> JSONObject:
        """Return it as in a reading."""
        if self.unit is None:
            return {"value": value}
        if not self.bounds_shown:
            return {"value": value, "unit": self.unit}
        return {"value": value, "unit": self.unit, "min": self.low, "max": self.high}


@dataclass(frozen=True, slots=True)
class ActiveCommand:
    """A command in force, with its parameters in the declared units."""

    command: str
    values: Mapping[str, Number] = field(default_factory=lambda: MappingProxyType({}))


_ROUNDING = 0.01
"""Percent by which rounding errors may take a level beyond its bounds."""


def level_error(level: float) -> str | None:
    """Return why a number cannot be a level in percent, None where it can."""
    return None if -_ROUNDING <= level <= 100 + _ROUNDING else "the level must be from 0 to 100"


def active_command_error(commands: Mapping[str, CommandSpec], active_command: ActiveCommand) -> str | None:
    """Return why a device with these commands cannot be under a command, None where it can."""
    command = commands.get(active_command.command)
    if command is None:
        return "must have a command of the device"
    specs = command.parameters
    declared = all(
        name in specs and specs[name].low <= value <= specs[name].high for name, value in active_command.values.items()
    )
    return None if declared else "must have parameters of the command, within their bounds"


HOLD = ActiveCommand(IDLE)
"""The command that a reading shows after the end of a window (api §6.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialState:
    """The state of a device at the start of a behaviour, and its command: numbers and strings only.

    With device, settings and start it determines the behaviour, to the last bit.
    """

    __pydantic_config__: ClassVar[ConfigDict] = SAVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour(ABC):
    """What a device does from an instant on until the next change; immutable.

    Time is in hours since the epoch. A type without commands and settings implements `report` only.
    """

    def with_command(self, active_command: ActiveCommand, time: float) -> Behaviour:
        """Return the behaviour after a command, from the state reached."""
        raise NotImplementedError(active_command, time)

    def with_settings(self, settings: Mapping[str, float], time: float) -> Behaviour:
        """Return the behaviour after a change of settings, with the same command, from the state reached."""
        raise NotImplementedError(settings, time)

    def after_window(self, time: float) -> Behaviour:
        """Return the behaviour after a window: idle, with the level or temperature reached (api §11.1)."""
        return self.with_command(HOLD, time)

    def restored(self, initial: InitialState, settings: Mapping[str, float], time: float) -> Behaviour:
        """Return the behaviour of the same device that started with a state at a time."""
        raise NotImplementedError(initial, settings, time)

    @property
    def initial(self) -> InitialState | None:
        """The state at the start, None for a device that was never commanded nor set."""
        return None

    def vehicle_behaviour(self) -> Behaviour:
        """Return the behaviour of the vehicle on a charger."""
        raise NotImplementedError

    def keeping_mode(self) -> Behaviour:
        """Return the behaviour as reported where `idle` does not change the mode (api §4.5)."""
        return self

    @abstractmethod
    def report(self, time: float) -> dict[str, JSON]:
        """Return the `state` of a reading, with keys in the order of the API's examples."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Model(ABC):
    """A model of a manufacturer: its names, declarations and behaviour, shared by all devices of the model."""

    vendor: str
    name: str
    commands: Mapping[str, CommandSpec] = field(default_factory=dict)
    settings: Mapping[str, SettingSpec] = field(default_factory=dict)
    conflict_strategies: tuple[str, ...] = ()
    unreported: frozenset[str] = frozenset()
    """State fields that this manufacturer does not report; they are null."""

    @abstractmethod
    def default_behaviour(self, spread: float) -> Behaviour:
        """Return the behaviour of a device that was never commanded; `spread` (0 to 1) varies it between devices."""

    def initial_state(self) -> type[InitialState]:
        """Return the type of the initial states of its behaviours, for types with commands."""
        raise NotImplementedError

    def state_error(self, initial: InitialState) -> str | None:
        """Return why a device of this model cannot have been in a state, None where it can."""
        raise NotImplementedError(initial)

    @cached_property
    def default_settings(self) -> Mapping[str, float]:
        """Return the settings of a new device."""
        return MappingProxyType({name: setting.default for name, setting in self.settings.items()})

    @cached_property
    def writable_defaults(self) -> Mapping[str, float]:
        """Return the writable settings of a new device."""
        return {name: setting.default for name, setting in self.settings.items() if setting.unit is not None}

    @cached_property
    def commands_document(self) -> orjson.Fragment:
        """Return the `commands` of a reading, encoded once."""
        return frozen({name: command.document() for name, command in self.commands.items()})

    def settings_document(self, values: Mapping[str, float]) -> JSONObject:
        """Return the `settings` of a reading."""
        return {name: setting.document(values[name]) for name, setting in self.settings.items()}

    def state(self, behaviour: Behaviour, time: float) -> dict[str, JSON]:
        """Return the `state` of a reading."""
        state = behaviour.report(time)
        for name in self.unreported:
            state[name] = None
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceType:
    """One device type of the API (api §2.5, §3)."""

    name: str
    segment: str
    showcase: tuple[Model, ...]
    """The devices of the profile `showcase`; the first is the one of the profile `home`."""
    catalogue: tuple[Model, ...]
    """The models that the profiles with many devices have in turn."""
    pushable: bool = False
    live_pushable: bool = False
    configurable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device of a model."""

    id: str
    kind: DeviceType
    model: Model
    user_id: str
    zone: tzinfo
    spread: float
    """From 0 to 1, by which its days differ from those of other devices of its type."""
    charger: str | None = None
    """The id of the charger that a vehicle is plugged into when it is at home."""
