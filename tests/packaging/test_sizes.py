"""Source files are short enough to be read as a whole: what has grown beyond that is split by topic."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from .files import ROOT

LIMIT: Final = 350
"""The most lines that a source file may have."""
LONGER: Final[Mapping[str, str]] = {
    "custom_components/amps/sensor.py": "the descriptions of all sensors, by device type",
}
"""The files that may be longer, each with the reason."""

_SOURCES: Final = (
    "custom_components/**/*.py",
    "frontend/*.ts",
    "frontend/src/**/*.ts",
    "frontend/test/**/*.ts",
    "scripts/**/*.py",
    "tests/**/*.py",
)
"""Where our sources are. The built cards, which nobody reads, are JavaScript."""


def sources(root: Path) -> Iterator[Path]:
    """Yield the source files of a repository."""
    for pattern in _SOURCES:
        yield from sorted(root.glob(pattern))


def too_long(root: Path) -> dict[str, int]:
    """Return the lines of each source file that has more than the limit, by its path in the repository."""
    lines = {path.relative_to(root).as_posix(): len(path.read_bytes().splitlines()) for path in sources(root)}
    return {path: count for path, count in lines.items() if count > LIMIT}


def test_source_files_are_short() -> None:
    assert not {path: count for path, count in too_long(ROOT).items() if path not in LONGER}


def test_only_what_is_long_is_excepted() -> None:
    assert too_long(ROOT).keys() >= LONGER.keys()


@pytest.mark.parametrize("path", ["tests/rules/test_a.py", "frontend/src/card/a.ts", "custom_components/amps/a.py"])
@pytest.mark.parametrize(("count", "found"), [(LIMIT, False), (LIMIT + 1, True)])
def test_a_long_file_is_found(tmp_path: Path, path: str, count: int, *, found: bool) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(["x"] * count) + "\n", encoding="utf-8")
    assert too_long(tmp_path) == ({path: count} if found else {})


def test_the_sources_are_found() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in sources(ROOT)}
    assert names >= {
        "custom_components/amps/sensor.py",
        "frontend/src/amps-cards.ts",
        "frontend/vitest.config.ts",
        "tests/packaging/test_sizes.py",
    }
