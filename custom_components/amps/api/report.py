"""A reading in diagnostics, by an allow-list, so that it has no personal data.

Included are the fields of the models, and of these only numbers, booleans, datetimes and the enum values of the API. Of
unknown fields only the number is included.
"""

import re
from typing import Final

from .json import JsonObject, JsonValue
from .models import AnyDevice, LenientEnum
from .models.base import AmpsModel
from .reading import Reading

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_.]{0,31}")
"""The form of the enum values of the API; new ones may be written in another case."""
_NAME: Final = re.compile(r"[a-z][A-Za-z_.]{0,31}")
"""The form of the names of commands, parameters and settings."""


def report(reading: Reading) -> JsonObject:
    """Return a reading for diagnostics, with the names of the models."""
    device = reading.device
    action = device.last_action
    return {
        "type": device.device_type,
        # Not personal: device names consist of these two.
        "vendor": device.vendor,
        "model": device.metadata.model,
        "source": device.metadata.source,
        "available": device.sync.available,
        "last_pulled_at": device.sync.last_pulled_at.isoformat() if device.sync.last_pulled_at else None,
        "served_at": reading.served_at.isoformat() if reading.served_at else None,
        "state": device.state.model_dump(mode="json", include=device.state.model_fields_set),
        "raw_words": {
            **_raw_words(device.state, _raw_part(reading, "state")),
            **_raw_words(device.metadata, _raw_part(reading, "metadata")),
        },
        "unknown_state_fields": _unknown_state_fields(reading),
        "commands": _commands(device),
        "conflict_strategies": [_word(strategy) for strategy in device.conflict_strategies],
        "settings": None if device.settings is None else _settings(device),
        "last_action": None
        if action is None
        else {
            "command": _word(action.command),
            "state": action.state,
            "created_at": action.created_at.isoformat() if action.created_at else None,
            "updated_at": action.updated_at.isoformat() if action.updated_at else None,
            "error_code": action.error_code,
            "raw_words": _raw_words(action, _raw_part(reading, "lastAction")),
        },
    }


def _word(text: JsonValue) -> str | None:
    return text if isinstance(text, str) and _WORD.fullmatch(text) else None


def _raw_words(model: AmpsModel, raw: JsonObject) -> JsonObject:
    """Return the raw text of the enum values that a model does not know, None for one of another form."""
    return {
        name: _word(raw.get(field.alias or name))
        for name, field in type(model).model_fields.items()
        if isinstance(value := getattr(model, name), LenientEnum) and value == "unknown_value"
    }


def _unknown_state_fields(reading: Reading) -> int:
    known = {field.alias or name for name, field in type(reading.device.state).model_fields.items()}
    return len(_raw_part(reading, "state").keys() - known)


def _raw_part(reading: Reading, name: str) -> JsonObject:
    part = reading.raw.get(name)
    return part if isinstance(part, dict) else {}


def _commands(device: AnyDevice) -> JsonObject:
    return {
        name: {
            "execution": [*sorted(command.execution)],
            "parameters": {
                parameter: {"unit": _word(spec.unit), "min": spec.min, "max": spec.max}
                for parameter, spec in command.parameters.items()
                if _NAME.fullmatch(spec.name)
            },
        }
        for name, command in device.commands.items()
        if _NAME.fullmatch(command.name)
    }


def _settings(device: AnyDevice) -> JsonObject:
    return {
        name: {
            "value": None if isinstance(setting.value, str) else setting.value,
            "unit": _word(setting.unit),
            "min": setting.min,
            "max": setting.max,
        }
        for name, setting in (device.settings or {}).items()
        if _NAME.fullmatch(setting.name)
    }
