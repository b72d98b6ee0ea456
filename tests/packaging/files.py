"""Where the files are that Home Assistant and HACS read, and how they are read here."""

from collections.abc import Mapping
from functools import cache
import json
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import homeassistant
from homeassistant.util.yaml import load_yaml_dict

ROOT: Final = Path(__file__).parents[2]
INTEGRATION: Final = ROOT / "custom_components" / "amps"
HOME_ASSISTANT: Final = Path(homeassistant.__path__[0])
COMPONENTS: Final = HOME_ASSISTANT / "components"

type Document = Mapping[str, Any]


def read_json(path: Path) -> Document:
    """Read a JSON file, in which no key may stand twice: all but the last would be lost without a word."""
    return MappingProxyType(json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        message = f"stand twice: {sorted({key for key in keys if keys.count(key) > 1})}"
        raise ValueError(message)
    return found


@cache
def manifest() -> Document:
    """Return what the integration says of itself."""
    return read_json(INTEGRATION / "manifest.json")


@cache
def texts(language: str = "en") -> Document:
    """Return the texts in a language: the English ones are those that the others translate."""
    return read_json(INTEGRATION / "translations" / f"{language}.json")


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in."""
    return tuple(sorted(path.stem for path in (INTEGRATION / "translations").iterdir()))


@cache
def icons() -> Document:
    """Return the icons."""
    return read_json(INTEGRATION / "icons.json")


@cache
def described(kind: str) -> Document:
    """Return what services.yaml, triggers.yaml or conditions.yaml describes; without the file, nothing."""
    path = INTEGRATION / f"{kind}.yaml"
    return load_yaml_dict(path) if path.exists() else {}
