"""The errors of requests: one class for each decision that a caller has to make (api §8).

The service's own `message` is not kept: it is informative only, and may name a person.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from .json import JsonObject


class AmpsError(Exception):
    """The base of all errors of this package."""

    retry_after: float | None = None
    """Seconds that the service requests to wait, whatever the status; None if it requests none."""


class AmpsConnectionError(AmpsError):
    """No answer came: the request may be tried again later, and may or may not have been carried out."""


class AmpsTimeoutError(AmpsConnectionError):
    """The answer did not come in time."""


class AmpsUnexpectedAnswerError(AmpsError):
    """The answer is not one of Amps: invalid JSON, no envelope, an unknown code, a missing id."""


class AmpsApiError(AmpsError):
    """The service answered with an error envelope (api §2.3)."""

    served_at: datetime | None = None
    """When the service built the answer, by its own clock; None if the answer has no time."""

    def __init__(self, code: str, status: int, details: JsonObject | None = None) -> None:
        """Keep what decisions depend on: the stable code, the HTTP status and the details."""
        super().__init__(f"{code} (HTTP {status})")
        self.code = code
        self.status = status
        self.details: JsonObject = details or {}

    def names(self, detail: str) -> tuple[str, ...]:
        """Return a detail that is a list of names; an empty tuple if it is absent or something else."""
        value = self.details.get(detail)
        return tuple(str(name) for name in value) if isinstance(value, list) else ()


class AmpsInvalidKeyError(AmpsApiError):
    """The key is not accepted; for a single device it may be the manufacturer's credentials that are not (api §8.2)."""


class AmpsExpiredKeyError(AmpsInvalidKeyError):
    """The key has expired."""


class AmpsLiveAccessDisabledError(AmpsApiError):
    """The customer of this live key has no access to live data."""


class AmpsPermissionError(AmpsApiError):
    """The key lacks the permission for this request."""


class AmpsRateLimitedError(AmpsApiError):
    """Too many requests were sent with this key; wait (api §1.3)."""


class AmpsTransientError(AmpsApiError):
    """The service, the manufacturer or a proxy has failed; the request may be tried again later."""


class AmpsNotFoundError(AmpsApiError):
    """The device or action does not exist for this key."""


class AmpsDeviceOfflineError(AmpsApiError):
    """The manufacturer cannot reach the device."""


class AmpsRelinkError(AmpsApiError):
    """The manufacturer refuses the stored credentials; the owner has to link the device anew (api §8.2)."""


class AmpsConflictError(AmpsApiError):
    """Another action is in the way (api §6.7), or the action cannot be cancelled any more (api §6.6)."""


class AmpsNotOfferedError(AmpsApiError):
    """Amps does not offer this, whatever the device supports (api §9, `COMMAND_NOT_SUPPORTED`)."""


class AmpsRefusedError(AmpsApiError):
    """The request is invalid for this device; sending it again changes nothing."""


DEVICE_NOT_FOUND: Final = "DEVICE_NOT_FOUND"
"""The code of a single read if there is no such device, or no data of it at any tier (api §8.1)."""

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
"""Codes of a single read that, while lists can be read, mean that the owner has to link the device anew (api §8.2)."""

_AMPS_OWN: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""Statuses with which only a code of the contract counts as an answer of Amps (design §4, errors of the service)."""


def error_from_answer(
    *, code: str | None, status: int, details: JsonObject | None, retry_after: float | None
) -> AmpsError:
    """Return the exception for an answer that is an error; `code` is None if there is no error envelope.

    A known code decides, whatever the status. 429 with an unknown code, or none, is rate limiting (api §1.3). Below
    500, an answer without a code, or at 401, 403 and 404 with an unknown one, may be a proxy's, and is no answer of
    Amps. With any other unknown code the status decides: below 500 the request is invalid, from there on the service
    has failed (api §15.1 #3).
    """
    error: AmpsError
    if (kind := _BY_CODE.get(code or "") or _kind_by_status(code, status)) is None:
        error = AmpsUnexpectedAnswerError(f"the answer with status {status} is not one of Amps")
    else:
        error = kind(code or f"HTTP_{status}", status, details)
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
