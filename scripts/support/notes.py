"""What one start of scripts/develop has to tell the next one."""

from collections.abc import Mapping
import hashlib
import json
from pathlib import Path
from typing import TypedDict, cast

NOTES_FILE = "develop.json"
VERSION = 2
"""Since when the profile `home` has five devices; notes of before have none."""


class Home(TypedDict):
    """A simulated home that scripts/develop has set up."""

    entry_id: str


class Notes:
    """The homes set up in one configuration folder, by profile."""

    def __init__(self, file: Path) -> None:
        """Read what is there."""
        self._file = file
        self.homes: dict[str, Home] = {}
        self.energy: str | None = None
        """The fingerprint of the energy dashboard's sources, as last written."""
        if file.exists():
            notes = json.loads(file.read_text())
            self.homes = cast("dict[str, Home]", notes["homes"])
            self.energy = cast("str | None", notes.get("energy"))
            if "version" not in notes:
                self._follow_migration()

    def _follow_migration(self) -> None:
        """Note the home of eleven devices under the profile that it has now, `showcase` (as its entry, see amps)."""
        if (home := self.homes.pop("home", None)) is not None:
            self.homes["showcase"] = home

    def save(self) -> None:
        """Write it down; a file that says so already is not touched."""
        text = json.dumps({"version": VERSION, "homes": self.homes, "energy": self.energy}, indent=2) + "\n"
        if self._file.exists() and self._file.read_text() == text:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(text)


def fingerprint(written: Mapping[str, object]) -> str:
    """Return what tells whether something is still as it was written, or has the edits of a person."""
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
