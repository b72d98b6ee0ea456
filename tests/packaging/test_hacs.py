"""The repository is one that HACS, and the marketplace of Home Assistant, can install from."""

from typing import Any, Final

from awesomeversion import AwesomeVersion
from homeassistant.const import __version__ as installed
from packaging.requirements import Requirement
import pytest
import voluptuous as vol

from .files import INTEGRATION, ROOT, Document, manifest, read_json

BRANDS_SINCE: Final = "2026.3.0"
"""Before, Home Assistant did not look for the images of an integration in its folder."""


def version(value: object) -> str:
    """Check a version of Home Assistant: the marketplace leaves out one that it cannot compare."""
    if not isinstance(value, str) or not AwesomeVersion(value).valid:
        message = f"{value!r} is no version"
        raise vol.Invalid(message)
    return value


def zip_has_a_name(document: Document) -> Document:
    """Check that the file of a release is named, if releases have one."""
    if document.get("zip_release") and "filename" not in document:
        message = "filename is missing"
        raise vol.Invalid(message)
    return document


COUNTRY: Final = vol.Match(r"^[A-Z]{2}$")
SCHEMA: Final = vol.Schema(
    vol.All(
        {
            vol.Required("name"): str,
            vol.Optional("content_in_root"): bool,
            vol.Optional("country"): vol.Any(COUNTRY, [COUNTRY]),
            vol.Optional("filename"): str,
            vol.Optional("hacs"): version,
            vol.Optional("hide_default_branch"): bool,
            vol.Optional("homeassistant"): version,
            vol.Optional("persistent_directory"): str,
            vol.Optional("zip_release"): bool,
        },
        zip_has_a_name,
    )
)


def hacs() -> Document:
    """Return what the repository says of itself."""
    return read_json(ROOT / "hacs.json")


def test_it_says_what_it_may() -> None:
    SCHEMA(dict(hacs()))


def test_the_oldest_home_assistant_allowed_is_the_one_that_is_tested() -> None:
    lines = (ROOT / "requirements" / "previous.in").read_text(encoding="utf-8").splitlines()
    tested = {requirement.name: requirement for requirement in map(Requirement, filter(_is_requirement, lines))}
    assert str(tested["homeassistant"].specifier) == f"=={hacs()['homeassistant']}"
    assert BRANDS_SINCE <= AwesomeVersion(hacs()["homeassistant"]) <= installed


def _is_requirement(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def test_the_readme_names_the_oldest_home_assistant_allowed() -> None:
    assert f"Home Assistant {hacs()['homeassistant']}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_is_one_integration_where_it_is_looked_for() -> None:
    folders = [path for path in INTEGRATION.parent.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert folders == [INTEGRATION]
    assert not hacs().get("content_in_root", False)


def test_there_is_a_licence() -> None:
    """HACS lists only what is free software."""
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_manifest_has_what_is_shown() -> None:
    shown = {"codeowners", "documentation", "domain", "issue_tracker", "name", "version"}
    assert shown <= manifest().keys()
    assert hacs()["name"] == manifest()["name"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": None},
        {"homeassistant": "newest"},
        {"homeassistant": 2026},
        {"country": "Germany"},
        {"domains": ["sensor"]},
        {"zip_release": True},
        {"content_in_root": "no"},
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA({**hacs(), **wrong})
