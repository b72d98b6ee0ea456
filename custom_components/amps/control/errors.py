"""The errors of commands, settings and readings that somebody asked for (design §6)."""

from collections.abc import Mapping
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..api import (
    AmpsApiError,
    AmpsConnectionError,
    AmpsError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    display_text,
    display_texts,
)
from ..const import DOMAIN
from ..rules.objection import Objection
from ..rules.request_limits import AmpsMonitorOnlyError

UNANSWERED: Final = (AmpsConnectionError, AmpsTransientError, AmpsUnexpectedAnswerError)
"""What leaves open whether something was carried out; a gateway that gave up may have passed it on (api §15.1 #10)."""
ARRIVED_AFTER: Final = 5.0
"""Seconds; what is still on its way when the connection breaks has arrived, and taken effect, by then."""
_USUAL_WAIT: Final = 60.0
"""Seconds after which to try again where Amps limits requests without saying for how long."""

type Messages = Mapping[type[AmpsError], str]
"""The keys of messages by the class of what failed; the base of all classes has one."""


def error(*, key: str, device: str, **placeholders: str) -> HomeAssistantError:
    """Return the error of something that failed."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders={"device": device, **placeholders}
    )


def validation_error(*, key: str, device: str, **placeholders: str) -> ServiceValidationError:
    """Return the error of something that was asked for and cannot be done."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders={"device": device, **placeholders}
    )


def objection_error(objection: Objection, device: str) -> ServiceValidationError:
    """Return an objection as the error that is shown; texts of the service or the caller are shown as text."""
    return validation_error(
        key=objection.key,
        device=device,
        **{name: display_text(text) for name, text in objection.placeholders.items()},
        supported=display_texts(objection.supported),
    )


def request_error(err: AmpsError, messages: Messages, *, device: str, **placeholders: str) -> HomeAssistantError:
    """Return what a request that failed means to the caller: the message of the nearest of its classes."""
    key = next(messages[kind] for kind in type(err).mro() if kind in messages)
    if isinstance(err, AmpsApiError):
        placeholders["code"] = err.code
    elif isinstance(err, AmpsMonitorOnlyError):
        placeholders["account"] = err.account
    seconds = _USUAL_WAIT if err.retry_after is None else err.retry_after
    return error(key=key, device=device, **placeholders, error=_error_text(err), seconds=f"{seconds:.0f}")


def _error_text(err: AmpsError) -> str:
    """Return an error as it is shown, with the reason that Amps gives, which nothing else tells (api §15.3 #31)."""
    reason = err.details.get("reason") if isinstance(err, AmpsApiError) else None
    return f"{err}: {display_text(reason)}" if reason and isinstance(reason, str) else str(err)
