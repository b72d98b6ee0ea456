"""How answers are put together (design §4): each a pure function of what was known and what was heard.

Answers come late, twice, in any order, and from caches. So every part of a device has its own rule of which answer
counts, and none of them is the order of arrival.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from ..api import Reading
from ..api.models import Action, ActionState, ActionSummary, AnyDevice, Setting
from .known import Absence, Heard, Known, Verdict, Written

COUNTED_APART: Final = 600.0
"""Seconds; of lists nearer to each other one may have skipped a device while others moved (api §15.2 #25)."""

_OLDEST: Final = datetime.min.replace(tzinfo=UTC)
_KEPT_ACTIONS: Final = 20
_RANKS: Final[Mapping[ActionState, int]] = {
    ActionState.SCHEDULED: 0,
    ActionState.ACKNOWLEDGED: 1,
    ActionState.UNKNOWN_VALUE: 1,
    ActionState.COMPLETED: 2,
    ActionState.FAILED: 2,
    ActionState.CANCELLED: 2,
}


def is_newer(instant: datetime | None, than: datetime | None) -> bool:
    """Return whether an instant is newer than another; none is the oldest."""
    return (instant or _OLDEST) > (than or _OLDEST)


def merge[DeviceT: AnyDevice](known: Known[DeviceT] | None, heard: Heard[DeviceT]) -> Known[DeviceT]:
    """Return what is known after a reading; the very same object when it says nothing new."""
    if known is None:
        known = _first(heard)
    written = _outstanding(known.written, heard) if heard.single else known.written
    settings, settings_instant = _settings(known, heard)
    return _changed(
        _judged(known, heard),
        reading=_reading(known, heard),
        instant=max(known.instant, heard.instant, key=_or_oldest),
        read_moment=heard.read_moment if is_newer(heard.instant, known.instant) else known.read_moment,
        capable=max(known.capable, heard.observed, key=_or_oldest),
        actions=merge_action(known.actions, heard.reading.device.last_action),
        settings=_with_written(settings, written),
        settings_instant=settings_instant,
        written=written,
        absence=known.absence if heard.single else None,
    )


def refuse(known: Known, code: str, observed: datetime) -> Known:
    """Return what is known after a single read was refused for good: by the manufacturer, or for want of the device."""
    if not is_newer(observed, known.judged):
        return known
    return replace(known, verdict=Verdict.PERMANENT, error_code=code, judged=observed, trouble=observed)


def miss(known: Known, moment: float) -> Known:
    """Return what is known after a complete list did not show the device."""
    absence = known.absence
    if absence is None:
        return replace(known, absence=Absence(times=1, moment=moment))
    if moment - absence.moment < COUNTED_APART:
        return known
    return replace(known, absence=Absence(times=absence.times + 1, moment=moment))


def hear_of(known: Known, action: ActionSummary) -> Known:
    """Return what is known after an answer about an action of the device."""
    return _changed(known, actions=merge_action(known.actions, action))


def write(known: Known, values: Mapping[str, float], instant: datetime) -> Known:
    """Return what is known after settings were written: shown as written until they are read anew."""
    written = {**known.written, **{name: Written(value=value, instant=instant) for name, value in values.items()}}
    return replace(known, written=written, settings=_with_written(known.settings, written))


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


def _first[DeviceT: AnyDevice](heard: Heard[DeviceT]) -> Known[DeviceT]:
    """Return what is known when nothing was known before: nothing but that it is not in trouble yet."""
    return Known(
        reading=heard.reading,
        instant=heard.instant,
        read_moment=heard.read_moment,
        capable=heard.observed,
        verdict=Verdict.OK,
        judged=None,
    )


def _reading[DeviceT: AnyDevice](known: Known[DeviceT], heard: Heard[DeviceT]) -> Reading[DeviceT]:
    """Return the newest state with the newest capabilities; nearly always both are of one answer."""
    reading = heard.reading if is_newer(heard.instant, known.instant) else known.reading
    declaring = heard.reading if is_newer(heard.observed, known.capable) else known.reading
    if declaring is reading or _declares(declaring.device) == _declares(reading.device):
        return reading
    commands, strategies = _declares(declaring.device)
    device = reading.device.model_copy(update={"commands": commands, "conflict_strategies": strategies})
    return replace(reading, device=device)


def _declares(device: AnyDevice) -> tuple[Mapping[str, object], tuple[str, ...]]:
    return device.commands, device.conflict_strategies


def _judged[DeviceT: AnyDevice](known: Known[DeviceT], heard: Heard[DeviceT]) -> Known[DeviceT]:
    """Return the verdict after a reading.

    A good reading speaks for the instant at which the manufacturer was asked, a bad one for the one at which the
    service tried: so the order in which the two arrive does not matter, and nothing from a cache ends trouble.
    """
    if not heard.reading.device.authoritative:
        if not is_newer(heard.observed, known.judged):
            return known
        trouble = max(known.trouble, heard.reading.pulled, key=_or_oldest)
        return _changed(known, verdict=Verdict.FALLBACK, judged=heard.observed, trouble=trouble, error_code=None)
    pulled = heard.reading.pulled
    if known.verdict is Verdict.OK:
        return _changed(known, judged=max(known.judged, pulled, key=_or_oldest))
    if not is_newer(heard.observed, known.judged) or not is_newer(pulled, known.trouble):
        return known
    return _changed(known, verdict=Verdict.OK, judged=pulled, error_code=None)


def _settings(known: Known, heard: Heard) -> tuple[Mapping[str, Setting] | None, datetime | None]:
    """Return the settings and the instant of their values: values of the newest instant, bounds of the newest answer.

    Nothing about them in a list says nothing, nothing in a single reading means that there are none.
    """
    told, kept = heard.reading.device.settings, known.settings
    if told is None and not heard.single:
        return kept, known.settings_instant
    newer, declares = is_newer(heard.instant, known.settings_instant), not is_newer(known.capable, heard.observed)
    if kept is None or (newer and declares):
        return told, heard.instant
    declared, valued = (told if declares else kept) or {}, (told if newer else kept) or {}
    settings = {
        name: setting.model_copy(update={"value": valued[name].value}) if name in valued else setting
        for name, setting in declared.items()
    }
    return kept if settings == kept else settings, max(known.settings_instant, heard.instant, key=_or_oldest)


def _outstanding(written: Mapping[str, Written], heard: Heard) -> Mapping[str, Written]:
    """Return what was written and is not read yet."""
    if not written:
        return written
    return {name: value for name, value in written.items() if not is_newer(heard.instant, value.instant)}


def _with_written(
    settings: Mapping[str, Setting] | None, written: Mapping[str, Written]
) -> Mapping[str, Setting] | None:
    if settings is None or all(settings[name].value == new.value for name, new in written.items() if name in settings):
        return settings
    return {
        name: setting.model_copy(update={"value": written[name].value}) if name in written else setting
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
    return rank, action.updated_at or action.created_at or _OLDEST


def _creation(action: ActionSummary) -> tuple[datetime, str]:
    return action.created_at or _OLDEST, action.id


def _or_oldest(instant: datetime | None) -> datetime:
    return instant or _OLDEST


def _changed[DeviceT: AnyDevice](known: Known[DeviceT], **parts: Any) -> Known[DeviceT]:  # noqa: ANN401  each by its own name
    """Return what is known with some parts replaced, the very same object where all of them are what they were."""
    if all(value is (before := getattr(known, name)) or value == before for name, value in parts.items()):
        return known
    return replace(known, **parts)
