"""The translation keys of the client's errors, for the config flow and for exceptions alike."""

from collections.abc import Mapping
from typing import Final

from .api import (
    AmpsConnectionError,
    AmpsError,
    AmpsExpiredKeyError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
)
from .rules.request_limits import AmpsKeyInvalidError, AmpsMonitorOnlyError, AmpsPausedError

_KEYS: Final[Mapping[type[AmpsError], str]] = {
    AmpsMonitorOnlyError: "monitor_only",
    AmpsPausedError: "rate_limited",
    AmpsKeyInvalidError: "invalid_auth",
    AmpsExpiredKeyError: "expired_key",
    AmpsInvalidKeyError: "invalid_auth",
    AmpsLiveAccessDisabledError: "live_access_disabled",
    AmpsPermissionError: "missing_permission",
    AmpsRateLimitedError: "rate_limited",
    AmpsConnectionError: "cannot_connect",
    AmpsTransientError: "cannot_connect",
    AmpsUnexpectedAnswerError: "unexpected_answer",
}


def translation_key(err: AmpsError) -> str:
    """Return the key for an error; any other is an unexpected answer."""
    return next((_KEYS[kind] for kind in type(err).mro() if kind in _KEYS), "unexpected_answer")
