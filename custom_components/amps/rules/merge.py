"""How answers are merged (design §4): pure functions of a record and what was received.

Answers come late, twice, in any order, and from caches. So every part of a record has its own rule of which answer
counts, and none of them is the order of arrival.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from ..api import Reading
from ..api.models import Action, ActionState, ActionSummary, AnyDevice, Setting
from .record import (
    CLOCK_TOLERANCE,
    NOTHING,
    CredentialRefusals,
    DeviceRecord,
    Failure,
    MissingCount,
    ReceivedReading,
    Written,
    is_newer,
    or_oldest,
)

MIN_MISS_INTERVAL: Final = 600.0
"""Seconds; of lists nearer to each other one may have skipped a device while others moved (api §15.2 #25)."""

_FIELDS: Final = tuple(each.name for each in fields(DeviceRecord))
_KEPT_ACTIONS: Final = 20
_RANKS: Final[Mapping[ActionState, int]] = {
    ActionState.SCHEDULED: 0,
    ActionState.ACKNOWLEDGED: 1,
    ActionState.UNKNOWN_VALUE: 1,
    ActionState.COMPLETED: 2,
    ActionState.FAILED: 2,
    ActionState.CANCELLED: 2,
}


def merge[DeviceT: AnyDevice](
    record: DeviceRecord[DeviceT] | None, received: ReceivedReading[DeviceT]
) -> DeviceRecord[DeviceT]:
    """Return the record after a reading; the very same object when that says nothing new."""
    if record is None:
        return _with_settings(_with_failure(_first(received), received), received)
    is_later = is_newer(received.state_at, record.state_at)
    known = _with_settings(_with_failure(record, received), received)
    merged = DeviceRecord(  # each by its name: `replace` costs twice as much, and this is made for every change
        reading=_reading(known, received),
        state_at=received.state_at if is_later else known.state_at,
        state_monotonic=received.state_monotonic if is_later else _state_monotonic(known, received),
        capabilities_at=max(known.capabilities_at, received.served_at, key=or_oldest),
        failure=known.failure,
        recovered_after=known.recovered_after,
        actions=merge_action(known.actions, received.reading.device.last_action),
        settings=known.settings,
        settings_declared_at=known.settings_declared_at,
        settings_at=known.settings_at,
        written=known.written,
        missing=known.missing if received.single else None,
        credential_refusals=None if received.single else known.credential_refusals,
    )
    return known if _is_same(known, merged) else merged


def mark_failed(record: DeviceRecord, code: str, served_at: datetime) -> DeviceRecord:
    """Return the record after a single read was refused for good: offline, or no such device."""
    return _failed(record, Failure(failed_at=served_at, code=code), recovered_after=served_at)


def mark_credentials_refused(record: DeviceRecord, code: str) -> DeviceRecord:
    """Return the record after a single read was refused for the owner's link to the manufacturer (api §8.2)."""
    before = record.credential_refusals
    return replace(record, credential_refusals=CredentialRefusals(code=code, times=before.times + 1 if before else 1))


def drop_times_after(record: DeviceRecord, limit: datetime) -> DeviceRecord:
    """Return the record without times that lie after a limit, since the clock that they are of was wrong.

    The next reading then counts as newer, and a failure ends with the next pull from now on.
    """

    def kept(each: datetime | None) -> datetime | None:
        return None if is_newer(each, limit) else each

    failure = record.failure
    if failure is not None and is_newer(failure.failed_at, limit):
        failure = replace(failure, failed_at=limit)
    return _replaced(
        record,
        state_at=kept(record.state_at),
        capabilities_at=kept(record.capabilities_at),
        failure=failure,
        recovered_after=record.recovered_after and min(record.recovered_after, limit),
        settings_declared_at=kept(record.settings_declared_at),
        settings_at=kept(record.settings_at),
        written={name: replace(each, written_at=min(each.written_at, limit)) for name, each in record.written.items()},
    )


def mark_missing(record: DeviceRecord, now: float) -> DeviceRecord:
    """Return the record after a complete list did not hold the device."""
    missing = record.missing
    if missing is None:
        return replace(record, missing=MissingCount(times=1, counted_monotonic=now))
    if now - missing.counted_monotonic < MIN_MISS_INTERVAL:
        return record
    return replace(record, missing=MissingCount(times=missing.times + 1, counted_monotonic=now))


def apply_action(record: DeviceRecord, action: ActionSummary) -> DeviceRecord:
    """Return the record after an answer about an action of the device."""
    return _replaced(record, actions=merge_action(record.actions, action))


def apply_written(record: DeviceRecord, values: Mapping[str, float], written_at: datetime) -> DeviceRecord:
    """Return the record after settings were written: they have these values until they are read anew."""
    if is_newer(record.settings_at, written_at):
        return record
    new = {
        name: Written(value=value, written_at=written_at)
        for name, value in values.items()
        if name not in record.written or is_newer(written_at, record.written[name].written_at)
    }
    written = {**record.written, **new}
    return _replaced(record, written=written, settings=_with_values(record.settings, written))


def merge_action(actions: Mapping[str, Action], received: ActionSummary | None) -> Mapping[str, Action]:
    """Return the actions, the newest first, after an answer about one: each in its furthest state (api §6.4)."""
    if received is None:
        return actions
    record = actions.get(received.id)
    action = _full(received) if record is None else _furthest(record, received)
    if action is record:
        return actions
    ordered = sorted({**actions, action.id: action}.values(), key=_creation, reverse=True)
    return {each.id: each for place, each in enumerate(ordered) if place < _KEPT_ACTIONS or is_open(each)}


def is_open(action: ActionSummary) -> bool:
    """Return whether an action has not come to its end (api §6.4)."""
    return _rank(action)[0] < _RANKS[ActionState.COMPLETED]


def _first[DeviceT: AnyDevice](received: ReceivedReading[DeviceT]) -> DeviceRecord[DeviceT]:
    """Return the record of a device that had none."""
    return DeviceRecord(
        reading=received.reading,
        state_at=received.state_at,
        state_monotonic=received.state_monotonic,
        capabilities_at=received.served_at,
        actions=merge_action(NOTHING, received.reading.device.last_action),
    )


def _state_monotonic(record: DeviceRecord, received: ReceivedReading) -> float | None:
    """Return when the device had a state that is the same: earlier than assumed if an answer shows so.

    The service's time shows what the monotonic clock does not, that the host slept (design §4, time).
    """
    before, now = record.state_monotonic, received.state_monotonic
    if received.state_at != record.state_at or before is None or now is None:
        return before
    if received.sandbox:
        return max(before, now)  # its clock may stand still; each answer is as good as asking the device
    return now if before - now > CLOCK_TOLERANCE.total_seconds() else before


def _supersedes(received: ReceivedReading, time: datetime | None, than: datetime | None) -> bool:
    """Return whether what was received is newer; in the sandbox a clock may stand still while devices change."""
    return is_newer(time, than) or (received.sandbox and time == than)


def _reading[DeviceT: AnyDevice](record: DeviceRecord[DeviceT], received: ReceivedReading[DeviceT]) -> Reading[DeviceT]:
    """Return the newest state with the newest capabilities; nearly always both are of one answer."""
    if received.state_at == record.state_at and received.reading.device == record.device:
        return record.reading
    reading = received.reading if _supersedes(received, received.state_at, record.state_at) else record.reading
    declaring = (
        received.reading if _supersedes(received, received.served_at, record.capabilities_at) else record.reading
    )
    if declaring is reading or _declares(declaring.device) == _declares(reading.device):
        return reading
    commands, strategies = _declares(declaring.device)
    device = reading.device.model_copy(update={"commands": commands, "conflict_strategies": strategies})
    return replace(reading, device=device)


def _declares(device: AnyDevice) -> tuple[Mapping[str, object], tuple[str, ...]]:
    return device.commands, device.conflict_strategies


def _with_failure[DeviceT: AnyDevice](
    record: DeviceRecord[DeviceT], received: ReceivedReading[DeviceT]
) -> DeviceRecord[DeviceT]:
    """Return the record with the failure that a reading reports, if it does.

    A fallback has the last pull before the failure, so only a newer one is after it.
    """
    if received.reading.device.authoritative:
        return record
    return _failed(
        record,
        Failure(failed_at=received.served_at, code=None),
        recovered_after=received.reading.pulled_at or received.served_at,
    )


def _failed[DeviceT: AnyDevice](
    record: DeviceRecord[DeviceT], failure: Failure, *, recovered_after: datetime | None
) -> DeviceRecord[DeviceT]:
    if record.failure is not None and not is_newer(failure.failed_at, record.failure.failed_at):
        failure = record.failure
    return _replaced(
        record, failure=failure, recovered_after=max(record.recovered_after, recovered_after, key=or_oldest)
    )


def _with_settings[DeviceT: AnyDevice](
    record: DeviceRecord[DeviceT], received: ReceivedReading[DeviceT]
) -> DeviceRecord[DeviceT]:
    """Return the record with the settings of a reading: values of the newest state, bounds of the newest answer.

    Nothing about them in a list says nothing, nothing in a single reading means that there are none (api §4.2).
    """
    declared = received.reading.device.settings
    if declared is None and not received.single:
        return record
    first = record.settings_declared_at is None
    bounds = (
        declared if first or _supersedes(received, received.served_at, record.settings_declared_at) else record.settings
    )
    newest = declared if _supersedes(received, received.state_at, record.settings_at) else record.settings
    written = {name: new for name, new in record.written.items() if not is_newer(received.state_at, new.written_at)}
    return _replaced(
        record,
        settings=_with_values(_with_values(bounds, newest or {}), written),
        settings_declared_at=max(record.settings_declared_at, received.served_at, key=or_oldest),
        settings_at=max(record.settings_at, received.state_at, key=or_oldest),
        written=written,
    )


def _with_values(
    settings: Mapping[str, Setting] | None, values: Mapping[str, Setting | Written]
) -> Mapping[str, Setting] | None:
    """Return settings with other values where there are any."""
    if settings is None:
        return None
    return {
        name: setting.model_copy(update={"value": values[name].value}) if name in values else setting
        for name, setting in settings.items()
    }


def _full(action: ActionSummary) -> Action:
    """Return an action with all that an answer says of it."""
    return action if isinstance(action, Action) else Action.model_construct(action.model_fields_set, **dict(action))


def _furthest(record: Action, received: ActionSummary) -> Action:
    """Return the further state of one action, with all that either answer says of it."""
    given = {name: value for name in received.model_fields_set if (value := getattr(received, name)) is not None}
    if _rank(received) > _rank(record):
        update = given
    else:
        update = {name: value for name, value in given.items() if getattr(record, name) is None}
    return record.model_copy(update=update) if update else record


def _rank(action: ActionSummary) -> tuple[int, datetime]:
    rank = 0 if action.state is None else _RANKS[action.state]
    return rank, or_oldest(action.updated_at or action.created_at)


def _creation(action: ActionSummary) -> tuple[datetime, str]:
    """Return what actions are ordered by; a webhook does not say when its action was created, but when it ended."""
    return or_oldest(action.created_at or action.updated_at), action.id


def _is_same(record: DeviceRecord, other: DeviceRecord) -> bool:
    """Return whether two records of a device say the same."""
    return all(
        (value := getattr(other, name)) is (before := getattr(record, name)) or value == before for name in _FIELDS
    )


def _replaced[DeviceT: AnyDevice](record: DeviceRecord[DeviceT], **parts: Any) -> DeviceRecord[DeviceT]:  # noqa: ANN401  each by its own name
    """Return the record with some parts replaced, the very same object where all of them are what they were."""
    for name, value in parts.items():
        if value is not (before := getattr(record, name)) and value != before:
            return replace(record, **parts)
    return record
