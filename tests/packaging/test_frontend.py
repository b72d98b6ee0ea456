"""The cards load nothing from anywhere but the folder that Home Assistant serves them from (design §9)."""

from collections.abc import Iterator
import re
from typing import Final

import pytest

from .files import INTEGRATION, manifest

FOLDER: Final = INTEGRATION / "frontend"
DOCUMENTATION: Final = ("https://docs.amps.ai", str(manifest()["documentation"]))
"""What people may be led to."""
NAMESPACES: Final = "http://www.w3.org/"
"""What names kinds of elements, and is never loaded."""

_ADDRESS: Final = re.compile(
    r"""\b(?:https?|wss?)://[^\s"'`()<>\\]*|(?<=["'`(])//[\w-]+\.[^\s"'`()<>\\]*""", re.IGNORECASE
)
_IMPORTED: Final = re.compile(r"""\b(?:import\s*\(?|from)\s*(["'`])(.*?)\1""")


def foreign(script: str) -> Iterator[str]:
    """Yield what a script could load from elsewhere: addresses, and imports that do not stand beside it."""
    for address in _ADDRESS.findall(script):
        if not address.startswith((NAMESPACES, *DOCUMENTATION)):
            yield address
    for _, imported in _IMPORTED.findall(script):
        if not imported.startswith("./"):
            yield imported


def test_nothing_is_loaded_from_elsewhere() -> None:
    scripts = FOLDER.glob("*") if FOLDER.exists() else ()
    found = {path.name: list(foreign(path.read_text(encoding="utf-8"))) for path in scripts}
    assert not {name: addresses for name, addresses in found.items() if addresses}


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('fetch("https://example.com/data.json")', ["https://example.com/data.json"]),
        ("new WebSocket('wss://example.com')", ["wss://example.com"]),
        ("css`@import url(//fonts.example.com/roboto.css)`", ["//fonts.example.com/roboto.css"]),
        ('import{LitElement}from"lit";', ["lit"]),
        ("await import('https://example.com/a.js')", ["https://example.com/a.js", "https://example.com/a.js"]),
        ('import"/hacsfiles/a.js"', ["/hacsfiles/a.js"]),
        ("import(`./${language}.js`);import'./de.js';export*from './fr.js'", []),
        ('document.createElementNS("http://www.w3.org/2000/svg","path"); // the namespace', []),
        (f'documentationURL:"{DOCUMENTATION[1]}#cards"', []),
        ("const share = energy//capacity.max\n", []),
    ],
)
def test_what_would_be_loaded_from_elsewhere_is_found(script: str, found: list[str]) -> None:
    assert list(foreign(script)) == found
