"""Texts of the service as they are shown: short, without control characters, and not as markup (design §4).

A text that identifies something is never shortened.
"""

from collections.abc import Iterable
from itertools import islice
import re
from typing import Final

MAX_LENGTH: Final = 100
"""The maximum number of characters of a text that is shown."""
_MAX_TEXTS: Final = 10
"""The maximum number of texts of a list that are shown."""
_MARKDOWN: Final = re.compile(r"[!-/:-@\[-`{-~]")
"""ASCII punctuation: every character that can mean something in Markdown, including links that it detects itself."""


def display_text(text: str) -> str:
    """Return a text as it is shown: on one line, without control characters, cut to 100 characters."""
    printable = text if text.isprintable() else "".join(map(_printable, text[: 2 * MAX_LENGTH]))
    shown = " ".join(printable[: 2 * MAX_LENGTH].split())
    return shown if len(shown) <= MAX_LENGTH else f"{shown[: MAX_LENGTH - 1]}…"


def display_texts(texts: Iterable[str]) -> str:
    """Return the first texts of a list as they are shown, a dash for none."""
    first = list(islice(texts, _MAX_TEXTS + 1))
    shown = [display_text(text) for text in first[:_MAX_TEXTS]] + ["…"] * (len(first) > _MAX_TEXTS)
    return ", ".join(shown) or "–"


def escape_markdown(text: str) -> str:
    """Return a text escaped for Markdown, so that HTML, links and addresses in it are shown as text (CommonMark §2.4).

    Home Assistant renders the descriptions of repairs as Markdown, but not their titles.
    """
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _printable(character: str) -> str:
    return character if character.isprintable() else " "
