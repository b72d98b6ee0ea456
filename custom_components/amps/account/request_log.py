"""The latest requests of an account, for whoever helps to find out what went wrong (design §5, diagnostics)."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..api import Request, Response
from ..api.envelope import read_error_code
from ..api.json import JsonObject
from ..const import DOMAIN

_KEPT: Final = 50
"""How many requests are kept (design §5)."""


class Purpose(StrEnum):
    """Why a request was made; single reads have the reasons of `rules/schedule.py`."""

    LIST_POLL = "poll of the lists"
    LISTS_ON_DEMAND = "somebody asked for the lists"
    KEY_CHECK = "check of the key"
    UNSEEN_DEVICE = "check of a device that no list has shown since the start"
    ACTION_POLL = "poll of an action"
    HISTORY = "actions from before the start"
    COMMAND = "command"
    CANCEL = "cancelling of an action"
    SETTINGS = "settings"
    CONFLICT = "what is in the way of a command"
    LOST_ANSWER = "what became of a command without an answer"
    FOLLOW_UP = "whether a command may still follow its window"
    ON_DEMAND = "somebody asked for it"


@dataclass(slots=True, kw_only=True)
class LoggedRequest:
    """A request that was sent, without what could name a person: its query, headers and body."""

    sent_at: str
    """By the host's clock, in UTC."""
    method: str
    path: str
    reason: str
    status: int | None = None
    """None without an answer."""
    code: str | None = None
    """Amps' code of an error; without an answer the kind of the failure."""
    milliseconds: int | None = None


class RequestLog:
    """The latest requests, the oldest first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start empty; `clock` is monotonic, in seconds."""
        self._clock = clock
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)

    @contextmanager
    def record(self, request: Request, reason: str) -> Iterator[Callable[[Response], None]]:
        """Log a request that is sent within the context; call what is returned with its answer."""
        begun, sent_at = self._clock(), dt_util.utcnow().isoformat(timespec="milliseconds")
        logged = LoggedRequest(sent_at=sent_at, method=request.method, path=request.path, reason=reason)
        self._requests.append(logged)

        def answered(response: Response) -> None:
            logged.status = response.status
            if response.status >= HTTPStatus.BAD_REQUEST:
                logged.code = read_error_code(response)

        try:
            yield answered
        except BaseException as err:
            logged.code = type(err).__name__
            raise
        finally:
            logged.milliseconds = round((self._clock() - begun) * 1000)

    def report(self) -> list[JsonObject]:
        """Return the requests for diagnostics."""
        return [asdict(logged) for logged in self._requests]


_LOGS: Final[HassKey[dict[str, RequestLog]]] = HassKey(f"{DOMAIN}_request_logs")
"""By entry id: what went wrong before a reload is often the reason for it."""


@callback
def request_log(hass: HomeAssistant, entry: ConfigEntry) -> RequestLog:
    """Return the log of an entry, which outlives its reloads."""
    return hass.data.setdefault(_LOGS, {}).setdefault(entry.entry_id, RequestLog(hass.loop.time))


@callback
def forget_requests(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget the log of an entry that is removed."""
    hass.data.get(_LOGS, {}).pop(entry.entry_id, None)
