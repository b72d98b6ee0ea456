"""A client of the Amps API. Knows nothing of Home Assistant; the wire's names end here."""

from .client import AmpsClient, Listing, Push
from .errors import (
    CREDENTIAL_CODES,
    DEVICE_NOT_FOUND,
    AmpsApiError,
    AmpsConflictError,
    AmpsConnectionError,
    AmpsDeviceOfflineError,
    AmpsError,
    AmpsExpiredKeyError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsNotFoundError,
    AmpsNotOfferedError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsRefusedError,
    AmpsRelinkError,
    AmpsTimeoutError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
)
from .names import slug
from .reading import Reading
from .roster import Roster
from .text import display_text, display_texts, escape_markdown
from .transport import EmbeddedTransport, HttpTransport, Request, Response, Transport

__all__ = [
    "CREDENTIAL_CODES",
    "DEVICE_NOT_FOUND",
    "AmpsApiError",
    "AmpsClient",
    "AmpsConflictError",
    "AmpsConnectionError",
    "AmpsDeviceOfflineError",
    "AmpsError",
    "AmpsExpiredKeyError",
    "AmpsInvalidKeyError",
    "AmpsLiveAccessDisabledError",
    "AmpsNotFoundError",
    "AmpsNotOfferedError",
    "AmpsPermissionError",
    "AmpsRateLimitedError",
    "AmpsRefusedError",
    "AmpsRelinkError",
    "AmpsTimeoutError",
    "AmpsTransientError",
    "AmpsUnexpectedAnswerError",
    "EmbeddedTransport",
    "HttpTransport",
    "Listing",
    "Push",
    "Reading",
    "Request",
    "Response",
    "Roster",
    "Transport",
    "display_text",
    "display_texts",
    "escape_markdown",
    "slug",
]
