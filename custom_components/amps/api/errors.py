"""What can go wrong with a request: one class for each decision that a caller has to take (api §8).

No text of the service's own `message` is kept: it is informative only, and nobody promises that it names no person.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from .json import JsonObject, JsonValue


class AmpsError(Exception):
    """Anything that this package raises."""

    retry_after: float | None = None
    """Seconds that the service asks to wait, whatever the status; None where it does not say."""


class AmpsConnectionError(AmpsError):
    """No answer came: try again later, and do not assume that the request was or was not carried out."""


class AmpsTimeoutError(AmpsConnectionError):
    """The answer did not come in time."""


class AmpsUnexpectedAnswerError(AmpsError):
    """What came is not an answer of Amps: broken JSON, no envelope, a code that nobody knows, a missing id."""


class AmpsApiError(AmpsError):
    """The service answered with an error envelope (api §2.3)."""

    served_at: datetime | None = None
    """When the service built the answer, by its own clock; None when it does not say."""

    def __init__(
        self, code: str, status: int, details: JsonObject | None = None, request_id: str | None = None
    ) -> None:
        """Keep what decisions are taken on: the stable code, the HTTP status and the details."""
        super().__init__(f"{code} (HTTP {status})")
        self.code = code
        self.status = status
        self.details: JsonObject = details or {}
        self.request_id = request_id

    def names(self, detail: str) -> tuple[str, ...]:
        """Return a detail that is a list of names, empty when it is absent or something else."""
        value = self.details.get(detail)
        return tuple(str(name) for name in value) if isinstance(value, list) else ()


class AmpsInvalidKeyError(AmpsApiError):
    """The key is not accepted; on a single device it may be the manufacturer's that is not (api §8.2)."""


class AmpsExpiredKeyError(AmpsInvalidKeyError):
    """The key was good once."""


class AmpsLiveAccessDisabledError(AmpsApiError):
    """The customer of this live key is not enabled for live data."""


class AmpsPermissionError(AmpsApiError):
    """The key lacks the permission for this one thing."""


class AmpsRateLimitedError(AmpsApiError):
    """Too many requests with this key; wait (api §1.3)."""


class AmpsTransientError(AmpsApiError):
    """The service, the manufacturer or what stands before the service is in trouble; try again later."""


class AmpsNotFoundError(AmpsApiError):
    """The device or action does not exist for this key."""


class AmpsDeviceOfflineError(AmpsApiError):
    """The manufacturer does not reach the device."""


class AmpsRelinkError(AmpsApiError):
    """The manufacturer refuses the stored credentials; the owner has to link the device anew (api §8.2)."""


class AmpsConflictError(AmpsApiError):
    """Another action is in the way (api §6.7), or the action is past cancelling (api §6.6)."""


class AmpsNotOfferedError(AmpsApiError):
    """Amps itself does not offer this, whatever the device could do (api §9, `COMMAND_NOT_SUPPORTED`)."""


class AmpsRefusedError(AmpsApiError):
    """The request is wrong for this device; sending it again changes nothing."""


DEVICE_NOT_FOUND: Final = "DEVICE_NOT_FOUND"
"""The code of a single read when there is no such device, or no data of it at any tier (api §8.1)."""

_BY_CODE: Final[Mapping[str, type[AmpsApiError]]] = {
    "UNAUTHORIZED": AmpsInvalidKeyError,
    "INVALID_API_KEY": AmpsInvalidKeyError,
    "EXPIRED_TOKEN": AmpsExpiredKeyError,
    "RATE_LIMIT_EXCEEDED": AmpsRateLimitedError,
    "INSUFFICIENT_PERMISSIONS": AmpsPermissionError,
    "LIVE_ACCESS_DISABLED": AmpsLiveAccessDisabledError,
    DEVICE_NOT_FOUND: AmpsNotFoundError,
    "NOT_FOUND": AmpsNotFoundError,
    "CONFLICT": AmpsConflictError,
    "ACTION_NOT_CANCELLABLE": AmpsConflictError,
    "COMMAND_NOT_SUPPORTED": AmpsNotOfferedError,
    "NOT_IMPLEMENTED": AmpsNotOfferedError,
    "INTERNAL_ERROR": AmpsTransientError,
    "SERVICE_UNAVAILABLE": AmpsTransientError,
    "NETWORK_ERROR": AmpsTransientError,
    "RATE_LIMITED": AmpsTransientError,
    "TIMEOUT": AmpsTransientError,
    "UNKNOWN_ERROR": AmpsTransientError,
    "DEVICE_OFFLINE": AmpsDeviceOfflineError,
    "INVALID_CREDENTIALS": AmpsRelinkError,
    "INVALID_MFA_CODE": AmpsRelinkError,
    "MFA_REQUIRED": AmpsRelinkError,
    "ACCOUNT_LOCKED": AmpsRelinkError,
    "UNSUPPORTED_CREDENTIAL_TYPE": AmpsRelinkError,
    "UNSUPPORTED_AUTH_PATH": AmpsRelinkError,
    "CREDENTIAL_NOT_FOUND": AmpsRelinkError,
    "UNSUPPORTED_MODE": AmpsRefusedError,
    "UNSUPPORTED_PARAMETER": AmpsRefusedError,
    "UNSUPPORTED_UNIT": AmpsRefusedError,
    "PARAMETER_OUT_OF_RANGE": AmpsRefusedError,
    "EXECUTION_NOT_SUPPORTED": AmpsRefusedError,
    "STRATEGY_NOT_SUPPORTED": AmpsRefusedError,
    "START_IN_PAST": AmpsRefusedError,
    "START_OUT_OF_RANGE": AmpsRefusedError,
    "INVALID_TIME_WINDOW": AmpsRefusedError,
    "DIRECT_ACTION_UNSUPPORTED": AmpsRefusedError,
    "UNSUPPORTED_SETTING": AmpsRefusedError,
    "READ_ONLY_SETTING": AmpsRefusedError,
    "SETTING_OUT_OF_RANGE": AmpsRefusedError,
}

CREDENTIAL_CODES: Final = frozenset(
    code for code, kind in _BY_CODE.items() if issubclass(kind, AmpsRelinkError | AmpsInvalidKeyError)
)
"""The codes that, on a device whose list can be read, mean that its owner has to link it anew (api §8.2)."""

_AMPS_OWN: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""Statuses that count as Amps' word only with a code that the contract knows (design §4, errors of the service)."""


def error_from_answer(
    *, code: str | None, status: int, details: JsonObject | None, request_id: JsonValue, retry_after: float | None
) -> AmpsError:
    """Return the exception for an answer that is an error; `code` is None where there is no error envelope.

    A known code decides, whatever the status. 429 with a code of no manufacturer is rate limiting (api §1.3). Below
    500, what has no code, or at 401, 403 and 404 an unknown one, is of something before the service, and no word of
    Amps. Any other unknown code goes by its status: a request not worth repeating below 500, a service in trouble from
    there on (api §15.1 #3).
    """
    error: AmpsError
    if (kind := _BY_CODE.get(code or "") or _kind_by_status(code, status)) is None:
        error = AmpsUnexpectedAnswerError(f"the answer with status {status} is not one of Amps")
    else:
        error = kind(code or f"HTTP_{status}", status, details, request_id if isinstance(request_id, str) else None)
    error.retry_after = retry_after
    return error


def _kind_by_status(code: str | None, status: int) -> type[AmpsApiError] | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return AmpsRateLimitedError
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AmpsNotOfferedError if code and status == HTTPStatus.NOT_IMPLEMENTED else AmpsTransientError
    if code is None or status in _AMPS_OWN:
        return None
    return AmpsConflictError if status == HTTPStatus.CONFLICT else AmpsRefusedError
