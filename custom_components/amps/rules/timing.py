"""When a command runs (design §6, times; api §6.3)."""

from collections.abc import Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from ..api.models import Execution
from .objection import Objection

_START_HORIZON: Final = timedelta(days=30)
"""How far ahead a start may lie (api §8.1, START_OUT_OF_RANGE)."""
_END_HORIZON: Final = _START_HORIZON + timedelta(hours=24)
"""How far ahead an end may lie (api §15.3 #36)."""
_LEAD: Final = timedelta(seconds=60)
"""How far ahead a window without a start begins at least: Amps wants starts in the future."""
_MINUTE: Final = timedelta(minutes=1)
_ZONE_STEP: Final = timedelta(minutes=15)
"""What the offsets of all time zones are multiples of."""
MAX_ZONE_DIFFERENCE: Final = timedelta(hours=14)
_WEEKS: Final = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a command is wanted to run, as a caller says it; a datetime without a zone is local to Home Assistant."""

    start: datetime | time | None = None
    """A time of day means its next occurrence."""
    end: datetime | time | None = None
    """A time of day means its first occurrence after the start."""
    duration: timedelta | None = None
    """From the start, instead of an end."""
    ready_by: datetime | time | None = None
    """When the wanted level is to be reached, instead of a start."""


IMMEDIATELY: Final = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a command runs, in UTC: without a start at once, without an end until another command."""

    start: datetime | None = None
    end: datetime | None = None
    ready_at: datetime | None = None
    """When the wanted level will be reached, where that was asked for."""

    @property
    def execution(self) -> Execution:
        """The execution shape that it needs (api §6.3)."""
        if self.start is None:
            return Execution.IMMEDIATE
        return Execution.SCHEDULED if self.end is None else Execution.WINDOWED


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The time at which a command is checked, and the zone in which its caller lives."""

    now: datetime
    zone: tzinfo
    plant_zone: tzinfo
    """What the device's clock shows."""
    asked_at: datetime
    """When the caller asked: a time of day means its next occurrence from then on, however long the command waited."""


def resolve_window(
    times: Times, present: Present, shapes: AbstractSet[Execution], needed: timedelta | None = None
) -> tuple[Window, list[Objection]]:
    """Return when a command runs, and all that stands against these times.

    `shapes` are the executions that the command takes, `needed` is how long the wanted level takes, None if unknown. A
    command that cannot be scheduled without an end gets a window that ends when the level is wanted.
    """
    needs_end = Execution.SCHEDULED not in shapes and Execution.WINDOWED in shapes
    objections = list(_contradictions(times))
    start = _to_utc(times.start, present, present.asked_at, objections)
    deadline = _to_utc(times.ready_by, present, present.asked_at, objections)
    ready_at: datetime | None = None
    if deadline is not None and needed is None:
        objections.append(Objection.of("ready_by_unknown"))
    elif deadline is not None and needed is not None:
        start = _floor(deadline - needed, timedelta(seconds=1))
        if start < present.now + _LEAD:
            start = None if Execution.IMMEDIATE in shapes else _next_start(present.now)
        ready_at = (start or present.now) + needed
    has_end = times.end is not None or times.duration is not None
    if start is None and times.start is None and has_end:
        start = _next_start(present.now)
    end = _to_utc(times.end, present, start or present.asked_at, objections)
    if times.duration is not None and start is not None and end is None:
        end = start + min(times.duration, _END_HORIZON * 2)
    if deadline is not None and start is not None and needs_end and end is None:
        end = max(deadline, ready_at or deadline)
    window = Window(
        start=start and _floor(start, timedelta(seconds=1)),
        end=end and _floor(end, timedelta(seconds=1)),
        ready_at=ready_at,
    )
    return window, [*objections, *_window_objections(window, present)]


def _contradictions(times: Times) -> Iterator[Objection]:
    """Yield an objection for each two fields that exclude each other."""
    pairs = (("end", "duration"), ("start", "ready_by"), ("duration", "ready_by"))
    for first, second in pairs:
        if getattr(times, first) is not None and getattr(times, second) is not None:
            yield Objection.of("times_exclude_each_other", first=first, second=second)
    if times.duration is not None and times.duration <= timedelta(0):
        yield Objection.of("duration_not_positive")


def _window_objections(window: Window, present: Present) -> Iterator[Objection]:
    start, end, now = window.start, window.end, present.now
    if start is not None and start <= now:
        yield Objection.of("start_in_past", start=_shown(start, present.zone))
    if start is not None and start > now + _START_HORIZON:
        yield Objection.of("start_out_of_range", start=_shown(start, present.zone), days=f"{_START_HORIZON.days}")
    if end is not None and end <= (start or now):
        yield Objection.of("end_not_after_start", end=_shown(end, present.zone))
    if end is not None and end > now + _END_HORIZON:
        yield Objection.of("end_out_of_range", end=_shown(end, present.zone), days=f"{_END_HORIZON.days}")


def _shown(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes")


def _to_utc(
    given: datetime | time | None, present: Present, after: datetime, objections: list[Objection]
) -> datetime | None:
    """Return what a caller's datetime or time of day means, in UTC; note what stands against it."""
    if given is None:
        return None
    if isinstance(given, time):
        local = _next_occurrence(given, after, present.zone)
    elif given.tzinfo is not None:
        return given.astimezone(UTC)
    else:
        local = given
    if is_skipped(local, present.zone):
        objections.append(Objection.of("time_never_occurs", time=local.isoformat(" ", "minutes")))
    elif occurs_twice(local, present.zone):
        objections.append(Objection.of("time_occurs_twice", time=local.isoformat(" ", "minutes")))
    return local.replace(tzinfo=present.zone).astimezone(UTC)


def _next_occurrence(given: time, after: datetime, zone: tzinfo) -> datetime:
    """Return when a clock on the wall next shows a time of day, without a zone, even where a clock change skips it."""
    wall = after.astimezone(zone).replace(tzinfo=None)
    local = datetime.combine(wall.date(), given.replace(tzinfo=None))
    if local > wall:
        return local
    if occurs_twice(local, zone) and local.replace(tzinfo=zone, fold=1) > after:
        return local.replace(fold=1)
    return local + timedelta(days=1)


def _next_start(now: datetime) -> datetime:
    """Return the next full minute that is far enough ahead."""
    earliest = now + _LEAD
    floor = _floor(earliest, _MINUTE)
    return floor if floor == earliest else floor + _MINUTE


def _floor(at: datetime, step: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % step


# Local time (PEP 495).


def is_skipped(local: datetime, zone: tzinfo) -> bool:
    """Return whether a clock change skips a local time."""
    there = local.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)


def occurs_twice(local: datetime, zone: tzinfo) -> bool:
    """Return whether a local time occurs twice, since clocks are set back."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and not is_skipped(local, zone)


def find_ambiguous_times(window: Window, zone: tzinfo) -> list[Objection]:
    """Return an objection for each time that the plant's clock shows twice, since it is sent as that (api §6.3)."""
    locals_ = [each.astimezone(zone).replace(tzinfo=None) for each in (window.start, window.end) if each is not None]
    return [
        Objection.of("time_occurs_twice", time=local.isoformat(" ", "minutes"))
        for local in locals_
        if occurs_twice(local, zone)
    ]


def local_text(at: datetime | None, zone: tzinfo) -> str | None:
    """Return a time as it goes over the wire: local to the plant, without a zone (api §6.3)."""
    return None if at is None else at.astimezone(zone).replace(tzinfo=None, microsecond=0).isoformat()


# The echo: what Amps says that it understood.


def is_echoed(window: Window, start: datetime | None, end: datetime | None) -> bool:
    """Return whether Amps understood the times of a command as they were meant."""
    return (start, end) == (window.start, window.end)


def echoed_offsets(
    window: Window, zone: tzinfo, start: datetime | None, end: datetime | None
) -> dict[datetime, timedelta] | None:
    """Return the offsets from UTC that the plant has at the echoed times, by these; None if no zone explains them.

    Only an echo that is off by whole quarters of an hour, up to 14 hours, is one of another zone (design §6).
    """
    offsets: dict[datetime, timedelta] = {}
    for meant, echoed in ((window.start, start), (window.end, end)):
        if meant is None and echoed is None:
            continue
        if meant is None or echoed is None:
            return None
        difference = meant - echoed
        if difference % _ZONE_STEP or abs(difference) > MAX_ZONE_DIFFERENCE:
            return None
        offsets[echoed] = (meant.astimezone(zone).utcoffset() or timedelta(0)) + difference
    return offsets


def closest_zone[ZoneT: tzinfo](
    zones: Iterable[ZoneT], offsets: dict[datetime, timedelta], home: tzinfo
) -> ZoneT | None:
    """Return the zone that has these offsets and else keeps step with that of Home Assistant; None if none has them.

    One echo fits many zones. A plant is hardly ever far from its owner, and so most likely changes its clocks with him.
    """
    first = min(offsets)
    home_offset = first.astimezone(home).utcoffset() or timedelta(0)
    weeks = [first + timedelta(weeks=week) for week in range(_WEEKS)]
    apart = offsets[first] - home_offset

    def deviations(zone: ZoneT) -> int:
        return sum(
            (week.astimezone(zone).utcoffset() or timedelta(0)) - (week.astimezone(home).utcoffset() or timedelta(0))
            != apart
            for week in weeks
        )

    fitting = [
        zone for zone in zones if all(at.astimezone(zone).utcoffset() == offset for at, offset in offsets.items())
    ]
    return min(fitting, key=lambda zone: (deviations(zone), str(zone)), default=None)
