"""Actions and their states, a pure function of time (api §6.4, §6.5)."""

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
    """The states of an action, in their order; the last three are final."""

    SCHEDULED = "scheduled"
    ACKNOWLEDGED = "acknowledged"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({State.SCHEDULED, State.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an acknowledged action finishes (api §15.3 #26, #27).

    `settle` is the time from acknowledged to completed. A windowed action finishes at the end of its window or, with
    `windows_settle`, that long after its start. In live the manufacturer takes `live_acceptance` to accept the write
    and `live_settle` to execute it, a failure is known after `live_failure`, and readings show actions with a delay of
    `live_lag` (api §4.8, §6.4, §6.5).
    """

    settle: Span = timedelta(seconds=3)
    windows_settle: bool = False
    live_acceptance: Span = timedelta(milliseconds=800)
    live_settle: Span = timedelta(seconds=10)
    live_failure: Span = timedelta(seconds=30)
    live_lag: Span = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of an action at an instant, and since when it is in it."""

    state: State
    updated_at: datetime
    acknowledged_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One accepted push; its state follows from the time alone, unless it is cancelled.

    `follows_at` is when the device follows the command, None when it never does. `accepted_at` is when the manufacturer
    accepts the write, None where that is immediate.
    """

    id: str
    device_id: str
    device_type: str
    active_command: ActiveCommand = field(metadata=saved_as("directive"))
    parameters: Annotated[Mapping[str, JSON] | None, UNCHECKED]
    created_at: Instant = field(metadata=saved_as("created"))
    start: Instant | None
    end: Instant | None
    finishes_at: Instant = field(metadata=saved_as("finishes"))
    follows_at: Instant | None = field(metadata=saved_as("followed"))
    failure: str | None = None
    cancelled_at: Instant | None = field(default=None, metadata=saved_as("cancelled"))
    accepted_at: Instant | None = field(default=None, metadata=saved_as("accepted"))

    @property
    def dispatched_at(self) -> datetime:
        """Return when Amps sends it to the manufacturer."""
        return self.created_at if self.start is None else self.start

    def status(self, now: datetime) -> Status:
        """Return its status at an instant."""
        if self.cancelled_at is not None and now >= self.cancelled_at:
            return Status(state=State.CANCELLED, updated_at=self.cancelled_at, finished_at=self.cancelled_at)
        if now < self.dispatched_at:
            return Status(state=State.SCHEDULED, updated_at=self.created_at)
        accepted_at = self.accepted_at or self.dispatched_at
        if now < min(accepted_at, self.finishes_at):
            return Status(state=State.ACKNOWLEDGED, updated_at=self.dispatched_at)
        if now < self.finishes_at:
            return Status(state=State.ACKNOWLEDGED, updated_at=accepted_at, acknowledged_at=accepted_at)
        return Status(
            state=State.COMPLETED if self.failure is None else State.FAILED,
            updated_at=self.finishes_at,
            acknowledged_at=min(accepted_at, self.finishes_at),
            finished_at=self.finishes_at,
        )

    def is_open(self, now: datetime) -> bool:
        """Return whether it is not finished, so that it conflicts with another push (api §6.7)."""
        return self.status(now).state in OPEN_STATES

    def is_over(self, now: datetime) -> bool:
        """Return whether it is finished and its device will change nothing more because of it."""
        effects = () if self.follows_at is None or self.cancelled_at is not None else (self.follows_at, self.end)
        return not self.is_open(now) and all(at is None or at <= now for at in effects)

    def cancel(self, now: datetime) -> Action:
        """Return it cancelled at an instant."""
        return replace(self, cancelled_at=now)

    def accepted_document(self, now: datetime) -> JSONObject:
        """Return the answer to the push (api §6.2)."""
        document: JSONObject = {
            "id": self.id,
            "deviceId": self.device_id,
            "deviceType": self.device_type,
            "command": self.active_command.command,
            "parameters": self.parameters,
            "state": self.status(now).state.value,
            "createdAt": iso(self.created_at),
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
            "createdAt": iso(self.created_at),
            "updatedAt": iso(status.updated_at),
            "acknowledgedAt": optional_iso(status.acknowledged_at),
            "completedAt": optional_iso(status.finished_at),
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
            "createdAt": iso(self.created_at),
            "updatedAt": iso(status.updated_at),
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
