"""A client of the Amps API, independent of Home Assistant; only this package uses the names of the wire."""

from .client import AmpsClient, CommandPayload, ListPage
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
from .names import read_id, slug
from .parsed_list import ParsedList
from .reading import Reading
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
    "CommandPayload",
    "EmbeddedTransport",
    "HttpTransport",
    "ListPage",
    "ParsedList",
    "Reading",
    "Request",
    "Response",
    "Transport",
    "display_text",
    "display_texts",
    "escape_markdown",
    "read_id",
    "slug",
]
