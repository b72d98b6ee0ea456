"""What is wrong with a saved state that the types of its parts do not show: it must fit its home."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ..clock import LATEST
from ..devices.base import ActiveCommand, Model
from ..errors import ApiError
from ..home.actions import Action
from ..home.history import LogEntry, Reached, SettingsWritten
from ..home.home import Home
from ..public.commands import check_parameters
from ..public.settings import check_settings
from ..validation import Quantity
from ..webhooks.webhook import is_secret, is_url
from ..wire import hours
from .document import SavedState


def state_errors(home: Home, saved: SavedState) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a state: where and what."""
    if saved.at > LATEST:
        yield "at", f"must not be beyond {LATEST.year}"
    for device_id in saved.absent:
        if home.any_device(device_id) is None:
            yield "absent", f"there is no device {device_id}"
    for index, webhook in enumerate(saved.outbox.webhooks):
        if not (
            is_url(webhook.url) and is_secret(webhook.secret) and is_secret(webhook.former_secret or webhook.secret)
        ):
            yield f"outbox.webhooks.{index}", "must have a URL and secrets"
    yield from _log_errors(home, saved)
    yield from _reached_errors(home, saved)


def quantities(model: Model, active_command: ActiveCommand) -> dict[str, Quantity]:
    """Return the parameters of a command with their units."""
    declared = model.commands[active_command.command].parameters
    return _with_units(active_command.values, {name: parameter.unit for name, parameter in declared.items()})


def _log_errors(home: Home, saved: SavedState) -> Iterator[tuple[str, str]]:
    for index, log_entry in enumerate(saved.log):
        if error := _log_entry_error(home, log_entry, saved.at):
            yield f"log.{index}", error
    action_ids = [log_entry.action.id for log_entry in saved.log if log_entry.action]
    if len(set(action_ids)) < len(action_ids):
        yield "log", "every action must have an id of its own"


def _log_entry_error(home: Home, log_entry: LogEntry, now: datetime) -> str | None:
    """Return why a log entry cannot be one of a home."""
    entry = log_entry.entry
    simulated = None if entry is None else home.any_device(entry.device_id)
    if entry is None or simulated is None:
        return "must be one thing that was done to one device of the home"
    model = simulated.device.model
    try:
        if isinstance(entry, SettingsWritten):
            _check_settings(model, entry.values)
        elif entry.active_command.command not in model.commands:
            return "must be a command of the device"
        else:
            check_parameters(model.commands[entry.active_command.command], quantities(model, entry.active_command))
    except ApiError as error:
        return error.code.message
    return "must not be of the future" if isinstance(entry, Action) and entry.created_at > now else None


def _reached_errors(home: Home, saved: SavedState) -> Iterator[tuple[str, str]]:
    since: dict[str, float] = {}
    for index, reached in enumerate(saved.reached):
        if error := _reached_error(home, reached, saved.at):
            yield f"reached.{index}", error
        if reached.since < since.setdefault(reached.device_id, reached.since):
            yield f"reached.{index}", "must not come before another stage of its device"
        since[reached.device_id] = reached.since


def _reached_error(home: Home, reached: Reached, now: datetime) -> str | None:
    """Return why a device cannot have reached a stage, except for its initial state, which is not read yet."""
    simulated = home.any_device(reached.device_id)
    if simulated is None or not simulated.device.kind.pushable:
        return "must be of a device of the home that takes commands"
    try:
        _check_settings(simulated.device.model, reached.settings)
    except ApiError as error:
        return error.code.message
    return None if 0 <= reached.since <= hours(now) else "must not be of the future"


def _check_settings(model: Model, values: Mapping[str, float]) -> None:
    units = {name: setting.unit or "" for name, setting in model.settings.items()}
    check_settings(model.settings, _with_units(values, units))


def _with_units(values: Mapping[str, float], units: Mapping[str, str]) -> dict[str, Quantity]:
    return {name: Quantity(value=value, unit=units.get(name, "")) for name, value in values.items()}
