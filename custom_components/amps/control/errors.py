"""The errors of commands, settings and readings that somebody asked for (design §6)."""

from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..api import AmpsConnectionError, AmpsTransientError, AmpsUnexpectedAnswerError, display_text, display_texts
from ..const import DOMAIN
from ..rules.objection import Objection

UNANSWERED: Final = (AmpsConnectionError, AmpsTransientError, AmpsUnexpectedAnswerError)
"""What leaves open whether something was carried out; a gateway that gave up may have passed it on (api §15.1 #10)."""


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
