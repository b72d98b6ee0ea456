"""What keys, texts and icons may look like, whichever file they stand in."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
import json
import re
from string import Formatter
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

_KEY: Final = re.compile(r"(?!.*[_-]{2})[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
_URL: Final = re.compile(
    r"((ftps?|scp|https?|mqtts?|socket|socks5)://|\bwww\.)[a-z0-9][a-z0-9.-]*\.[a-z]{2,}", re.IGNORECASE
)


def key(value: object) -> str:
    """Check a translation key."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        message = f"{value!r} is no translation key: [a-z0-9-_]+, no two of - and _ together, none at an end"
        raise vol.Invalid(message)
    return value


def by_key(value: object) -> Callable[[object], dict[str, Any]]:
    """Check a mapping from translation keys."""
    check: Callable[[object], dict[str, Any]] = cv.schema_with_slug_keys(value, slug_validator=key)  # type: ignore[arg-type]  # takes more than it says
    return check


def placeholders(value: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(value) if name is not None}


def plain(value: object) -> str:
    """Check a text that has no placeholders, since nobody would fill them in."""
    if names := placeholders(text(value)):
        message = f"placeholders are not filled in here: {sorted(names)}"
        raise vol.Invalid(message)
    return str(value)


def text(value: object) -> str:
    """Check a text."""
    checked: str = cv.string_with_no_html(value)
    for problem, is_wrong in _WRONG.items():
        if is_wrong(checked):
            message = f"{checked!r} {problem}"
            raise vol.Invalid(message)
    return checked


_WRONG: Final[dict[str, Callable[[str], object]]] = {
    "is empty, or has spaces at an end": lambda value: not value or value != value.strip(),
    "refers to another text, which only the texts of built-in integrations can": lambda value: "[%" in value,
    "has a URL, which belongs into a placeholder, where translators cannot change it": _URL.search,
    "has a placeholder in single quotes, where it stays as it is": re.compile(r"'\{\w+\}'").search,
    "has a placeholder that is no identifier": lambda value: not all(map(str.isidentifier, placeholders(value))),
}


@cache
def _material_design_icons() -> frozenset[str]:
    listed = files("hass_frontend") / "static" / "mdi" / "iconList.json"
    return frozenset(f"mdi:{icon['name']}" for icon in json.loads(listed.read_text(encoding="utf-8")))


def icon(value: object) -> str:
    """Check that Home Assistant's frontend has an icon of this name."""
    if value not in _material_design_icons():
        message = f"{value!r} is no icon"
        raise vol.Invalid(message)
    return str(value)
