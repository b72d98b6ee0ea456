"""Actions and their life, a pure function of time (api §6.4, §6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from ..devices.base import IMMEDIATE, SCHEDULED, WINDOWED, ActiveCommand
from ..errors import describe
from ..fields import UNCHECKED, Instant, Span, saved_as
from ..wire import JSON, JSONObject, iso, optional_iso


class State(StrEnum):
    """The stages of an action's life."""

    SCHEDULED = "scheduled"
    ACKNOWLEDGED = "acknowledged"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({State.SCHEDULED, State.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an acknowledged action comes to its end (api §15.3 #26, #27).

    `settle` is the time that the manufacturer takes. A window ends its action when it closes, or, with
    `windows_settle`, already that long after it opened. In live the manufacturer takes `live_acceptance` to accept the
    write and `live_settle` to carry it out, a failure shows after `live_failure`, and readings show actions as they
    stood `live_lag` ago (api §4.8, §6.4, §6.5).
    """

    settle: Span = timedelta(seconds=3)
    windows_settle: bool = False
    live_acceptance: Span = timedelta(milliseconds=800)
    live_settle: Span = timedelta(seconds=10)
    live_failure: Span = timedelta(seconds=30)
    live_lag: Span = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where an action stands at an instant."""

    state: State
    updated: datetime
    acknowledged: datetime | None = None
    finished: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One push, as it was accepted; what becomes of it follows from the time alone, save that it may be cancelled.

    `followed` is when the device follows the command, None when it never does. `accepted` is when the manufacturer
    accepts the write, None where that is at once.
    """

    id: str
    device_id: str
    device_type: str
    active_command: ActiveCommand = field(metadata=saved_as("directive"))
    parameters: Annotated[Mapping[str, JSON] | None, UNCHECKED]
    created: Instant
    start: Instant | None
    end: Instant | None
    finishes: Instant
    followed: Instant | None
    failure: str | None = None
    cancelled: Instant | None = None
    accepted: Instant | None = None

    @property
    def begins(self) -> datetime:
        """Return when it is dispatched."""
        return self.created if self.start is None else self.start

    def status(self, now: datetime) -> Status:
        """Return where it stands."""
        if self.cancelled is not None and now >= self.cancelled:
            return Status(state=State.CANCELLED, updated=self.cancelled, finished=self.cancelled)
        if now < self.begins:
            return Status(state=State.SCHEDULED, updated=self.created)
        accepted = self.accepted or self.begins
        if now < min(accepted, self.finishes):
            return Status(state=State.ACKNOWLEDGED, updated=self.begins)
        if now < self.finishes:
            return Status(state=State.ACKNOWLEDGED, updated=accepted, acknowledged=accepted)
        state = State.COMPLETED if self.failure is None else State.FAILED
        acknowledged = min(accepted, self.finishes)
        return Status(state=state, updated=self.finishes, acknowledged=acknowledged, finished=self.finishes)

    def is_open(self, now: datetime) -> bool:
        """Return whether it stands in the way of another push (api §6.7)."""
        return self.status(now).state in OPEN_STATES

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended, and its device has done all that it asked for."""
        effects = () if self.followed is None or self.cancelled is not None else (self.followed, self.end)
        return not self.is_open(now) and all(at is None or at <= now for at in effects)

    def cancel(self, now: datetime) -> Action:
        """Return it as cancelled."""
        return replace(self, cancelled=now)

    def accepted_document(self, now: datetime) -> JSONObject:
        """Return the answer to the push (api §6.2)."""
        document: JSONObject = {
            "id": self.id,
            "deviceId": self.device_id,
            "deviceType": self.device_type,
            "command": self.active_command.command,
            "parameters": self.parameters,
            "state": self.status(now).state.value,
            "createdAt": iso(self.created),
            "start": optional_iso(self.start),
        }
        if self.end is not None:
            document["end"] = iso(self.end)
        document["links"] = self._links
        return document

    def document(self, now: datetime) -> JSONObject:
        """Return the action resource (api §6.5)."""
        status = self.status(now)
        code, message = self._error(status)
        return {
            "id": self.id,
            "deviceId": self.device_id,
            "deviceType": self.device_type,
            "command": self.active_command.command,
            "parameters": self.parameters,
            "state": status.state.value,
            "result": self._result(status),
            "errorCode": code,
            "errorMessage": message,
            "createdAt": iso(self.created),
            "updatedAt": iso(status.updated),
            "acknowledgedAt": optional_iso(status.acknowledged),
            "completedAt": optional_iso(status.finished),
            "start": optional_iso(self.start),
            "end": optional_iso(self.end),
            "links": self._links,
        }

    def summary(self, now: datetime, *, with_error: bool) -> JSONObject:
        """Return the `lastAction` of a reading; lists leave the error out (api §4.8)."""
        status = self.status(now)
        document: JSONObject = {
            "id": self.id,
            "command": self.active_command.command,
            "state": status.state.value,
            "createdAt": iso(self.created),
            "updatedAt": iso(status.updated),
        }
        if with_error:
            document["errorCode"], document["errorMessage"] = self._error(status)
        document["links"] = self._links
        return document

    @property
    def _links(self) -> JSONObject:
        return {"self": f"/actions/{self.id}"}

    def _error(self, status: Status) -> tuple[str | None, str | None]:
        if self.failure is None or status.state is not State.FAILED:
            return None, None
        return self.failure, describe(self.failure)

    def _result(self, status: Status) -> JSONObject | None:
        if status.state is State.COMPLETED:
            return {"success": True, "message": "applied"}
        code, message = self._error(status)
        return None if code is None else {"success": False, "error": {"code": code, "message": message}}


def execution_of(start: object, end: object) -> str:
    """Return the form of execution of a push (api §6.3)."""
    if end is not None:
        return WINDOWED
    return IMMEDIATE if start is None else SCHEDULED
