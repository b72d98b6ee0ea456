"""How answers are put together (design §4): each a pure function of what was known and what was heard.

Answers come late, twice, in any order, and from caches. So every part of a device has its own rule of which answer
counts, and none of them is the order of arrival.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..api import Reading
from ..api.models import Action, ActionState, ActionSummary, AnyDevice, Setting
from .clock import TOLERANCE
from .record import (
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
    known: DeviceRecord[DeviceT] | None, heard: ReceivedReading[DeviceT]
) -> DeviceRecord[DeviceT]:
    """Return what is known after a reading; the very same object when it says nothing new."""
    if known is None:
        return _tuned(_judged(_first(heard), heard), heard)
    is_later = is_newer(heard.instant, known.instant)
    return _changed(
        _tuned(_judged(known, heard), heard),
        reading=_reading(known, heard),
        instant=heard.instant if is_later else known.instant,
        read_moment=heard.read_moment if is_later else _read_moment(known, heard),
        capable=max(known.capable, heard.observed, key=or_oldest),
        actions=merge_action(known.actions, heard.reading.device.last_action),
        absence=known.absence if heard.single else None,
        credential_refusals=None if heard.single else known.credential_refusals,
    )


def refuse(known: DeviceRecord, code: str, observed: datetime) -> DeviceRecord:
    """Return what is known after a single read was refused for good: by the manufacturer, or for want of the device."""
    return _failed(known, Failure(instant=observed, code=code), trouble=observed)


def refuse_credentials(known: DeviceRecord, code: str) -> DeviceRecord:
    """Return what is known after a single read was refused for the owner's link to the manufacturer (api §8.2)."""
    before = known.credential_refusals
    return replace(known, credential_refusals=CredentialRefusals(code=code, times=before.times + 1 if before else 1))


def drop_instants_after(known: DeviceRecord, instant: datetime) -> DeviceRecord:
    """Return what is known without instants that lie after one, since the clock that they are of was wrong.

    The next reading then counts as newer, and trouble ends with the next pull from now on.
    """

    def kept(each: datetime | None) -> datetime | None:
        return None if is_newer(each, instant) else each

    failure = known.failure
    if failure is not None and is_newer(failure.instant, instant):
        failure = replace(failure, instant=instant)
    return _changed(
        known,
        instant=kept(known.instant),
        capable=kept(known.capable),
        failure=failure,
        trouble=known.trouble and min(known.trouble, instant),
        settings_declared=kept(known.settings_declared),
        settings_instant=kept(known.settings_instant),
        written={name: replace(each, instant=min(each.instant, instant)) for name, each in known.written.items()},
    )


def miss(known: DeviceRecord, moment: float) -> DeviceRecord:
    """Return what is known after a complete list did not show the device."""
    absence = known.absence
    if absence is None:
        return replace(known, absence=MissingCount(times=1, moment=moment))
    if moment - absence.moment < MIN_MISS_INTERVAL:
        return known
    return replace(known, absence=MissingCount(times=absence.times + 1, moment=moment))


def apply_action(known: DeviceRecord, action: ActionSummary) -> DeviceRecord:
    """Return what is known after an answer about an action of the device."""
    return _changed(known, actions=merge_action(known.actions, action))


def write(known: DeviceRecord, values: Mapping[str, float], instant: datetime) -> DeviceRecord:
    """Return what is known after settings were written: shown as written until they are read anew."""
    if is_newer(known.settings_instant, instant):
        return known
    new = {
        name: Written(value=value, instant=instant)
        for name, value in values.items()
        if name not in known.written or is_newer(instant, known.written[name].instant)
    }
    written = {**known.written, **new}
    return _changed(known, written=written, settings=_valued(known.settings, written))


def merge_action(actions: Mapping[str, Action], heard: ActionSummary | None) -> Mapping[str, Action]:
    """Return the actions, the newest first, after one was heard of: of each the furthest stage is kept (api §6.4)."""
    if heard is None:
        return actions
    known = actions.get(heard.id)
    action = _full(heard) if known is None else _furthest(known, heard)
    if action is known:
        return actions
    ordered = sorted({**actions, action.id: action}.values(), key=_creation, reverse=True)
    return {each.id: each for place, each in enumerate(ordered) if place < _KEPT_ACTIONS or is_open(each)}


def is_open(action: ActionSummary) -> bool:
    """Return whether an action has not come to its end (api §6.4)."""
    return _rank(action)[0] < _RANKS[ActionState.COMPLETED]


def _first[DeviceT: AnyDevice](heard: ReceivedReading[DeviceT]) -> DeviceRecord[DeviceT]:
    """Return what is known when nothing was known before."""
    return DeviceRecord(
        reading=heard.reading,
        instant=heard.instant,
        read_moment=heard.read_moment,
        capable=heard.observed,
        actions=merge_action(NOTHING, heard.reading.device.last_action),
    )


def _read_moment(known: DeviceRecord, heard: ReceivedReading) -> float | None:
    """Return the moment of a state that is the same: older than it was taken for if an answer says so.

    The service's time shows what the monotonic clock does not, that the host slept (design §4, time).
    """
    before, now = known.read_moment, heard.read_moment
    if heard.instant != known.instant or before is None or now is None:
        return before
    if heard.sandbox:
        return max(before, now)  # its clock may stand still; each answer is as good as asking the device
    return now if before - now > TOLERANCE.total_seconds() else before


def _supersedes(heard: ReceivedReading, instant: datetime | None, than: datetime | None) -> bool:
    """Return whether what was heard is newer; in the sandbox a clock may stand still while devices go on."""
    return is_newer(instant, than) or (heard.sandbox and instant == than)


def _reading[DeviceT: AnyDevice](known: DeviceRecord[DeviceT], heard: ReceivedReading[DeviceT]) -> Reading[DeviceT]:
    """Return the newest state with the newest capabilities; nearly always both are of one answer."""
    if heard.instant == known.instant and heard.reading.device == known.device:
        return known.reading
    reading = heard.reading if _supersedes(heard, heard.instant, known.instant) else known.reading
    declaring = heard.reading if _supersedes(heard, heard.observed, known.capable) else known.reading
    if declaring is reading or _declares(declaring.device) == _declares(reading.device):
        return reading
    commands, strategies = _declares(declaring.device)
    device = reading.device.model_copy(update={"commands": commands, "conflict_strategies": strategies})
    return replace(reading, device=device)


def _declares(device: AnyDevice) -> tuple[Mapping[str, object], tuple[str, ...]]:
    return device.commands, device.conflict_strategies


def _judged[DeviceT: AnyDevice](known: DeviceRecord[DeviceT], heard: ReceivedReading[DeviceT]) -> DeviceRecord[DeviceT]:
    """Return what is known with the failure that a reading tells of, if it does.

    A fallback shows the last pull before the failure, so only a newer one is of after it.
    """
    if heard.reading.device.authoritative:
        return known
    return _failed(known, Failure(instant=heard.observed, code=None), trouble=heard.reading.pulled or heard.observed)


def _failed[DeviceT: AnyDevice](
    known: DeviceRecord[DeviceT], failure: Failure, *, trouble: datetime | None
) -> DeviceRecord[DeviceT]:
    if known.failure is not None and not is_newer(failure.instant, known.failure.instant):
        failure = known.failure
    return _changed(known, failure=failure, trouble=max(known.trouble, trouble, key=or_oldest))


def _tuned[DeviceT: AnyDevice](known: DeviceRecord[DeviceT], heard: ReceivedReading[DeviceT]) -> DeviceRecord[DeviceT]:
    """Return what is known with the settings of a reading: values of the newest instant, bounds of the newest answer.

    Nothing about them in a list says nothing, nothing in a single reading means that there are none (api §4.2).
    """
    told = heard.reading.device.settings
    if told is None and not heard.single:
        return known
    first = known.settings_declared is None
    declared = told if first or _supersedes(heard, heard.observed, known.settings_declared) else known.settings
    newest = told if _supersedes(heard, heard.instant, known.settings_instant) else known.settings
    written = {name: new for name, new in known.written.items() if not is_newer(heard.instant, new.instant)}
    return _changed(
        known,
        settings=_valued(_valued(declared, newest or {}), written),
        settings_declared=max(known.settings_declared, heard.observed, key=or_oldest),
        settings_instant=max(known.settings_instant, heard.instant, key=or_oldest),
        written=written,
    )


def _valued(
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
    """Return an action in full, as far as it was told."""
    return action if isinstance(action, Action) else Action.model_construct(action.model_fields_set, **dict(action))


def _furthest(known: Action, heard: ActionSummary) -> Action:
    """Return the further stage of one action, with all that either answer told of it."""
    told = {name: value for name in heard.model_fields_set if (value := getattr(heard, name)) is not None}
    if _rank(heard) > _rank(known):
        update = told
    else:
        update = {name: value for name, value in told.items() if getattr(known, name) is None}
    return known.model_copy(update=update) if update else known


def _rank(action: ActionSummary) -> tuple[int, datetime]:
    rank = 0 if action.state is None else _RANKS[action.state]
    return rank, or_oldest(action.updated_at or action.created_at)


def _creation(action: ActionSummary) -> tuple[datetime, str]:
    return or_oldest(action.created_at), action.id


def _changed[DeviceT: AnyDevice](known: DeviceRecord[DeviceT], **parts: Any) -> DeviceRecord[DeviceT]:  # noqa: ANN401  each by its own name
    """Return what is known with some parts replaced, the very same object where all of them are what they were."""
    for name, value in parts.items():
        if value is not (before := getattr(known, name)) and value != before:
            return replace(known, **parts)
    return known
