"""manifest.json, as hassfest wants it of a custom integration and HACS of a repository."""

from collections.abc import Mapping
import json
from pathlib import Path
import tomllib
from typing import Any, Final, get_args, get_type_hints

from awesomeversion import AwesomeVersion, AwesomeVersionException, AwesomeVersionStrategy
from homeassistant.loader import Manifest
import pytest
import voluptuous as vol
from yarl import URL

from custom_components.amps.const import DOMAIN

from .files import COMPONENTS, HOME_ASSISTANT, INTEGRATION, ROOT, Document, manifest, read_json

KEYS: Final = (Manifest.__optional_keys__ | Manifest.__required_keys__) - {"is_built_in", "overwrites_built_in"}
"""What Home Assistant reads from a manifest, but for what it adds itself."""
INTEGRATION_TYPES: Final = set(get_args(get_type_hints(Manifest)["integration_type"])) - {"virtual"}
IOT_CLASSES: Final = {"assumed_state", "calculated", "cloud_polling", "cloud_push", "local_polling", "local_push"}
QUALITY_SCALES: Final = {"bronze", "silver", "gold", "platinum", "custom", "no_score", "internal", "legacy"}


def documentation(value: str) -> str:
    """Check that a page is served safely, and is not where the pages of built-in integrations are."""
    vol.Url()(value)
    url = URL(value)
    if url.scheme != "https":
        message = "documentation has to be https"
        raise vol.Invalid(message)
    if url.host == "www.home-assistant.io" and url.path.startswith("/integrations"):
        message = "documentation of built-in integrations is no documentation of this one"
        raise vol.Invalid(message)
    return value


def version(value: str) -> str:
    """Check what Home Assistant checks before it loads a custom integration."""
    strategies = [
        AwesomeVersionStrategy.CALVER,
        AwesomeVersionStrategy.SEMVER,
        AwesomeVersionStrategy.SIMPLEVER,
        AwesomeVersionStrategy.BUILDVER,
        AwesomeVersionStrategy.PEP440,
    ]
    try:
        AwesomeVersion(value, ensure_strategy=strategies)
    except AwesomeVersionException as err:
        raise vol.Invalid(str(err)) from err
    return value


def slugs(kind: str) -> set[str]:
    """Return the categories or connectivities that Home Assistant knows."""
    known = json.loads((HOME_ASSISTANT / "generated" / f"integration_{kind}.json").read_text(encoding="utf-8"))
    children = {f"{parent['slug']}.{child['slug']}" for parent in known for child in parent.get("subcategories", ())}
    return {parent["slug"] for parent in known} | children


CHECKED: Final[Mapping[str | vol.Marker, Any]] = {
    vol.Required("domain"): DOMAIN,
    vol.Required("name"): str,
    vol.Optional("after_dependencies"): [str],
    vol.Optional("categories"): vol.All([vol.In(slugs("categories"))], vol.Unique()),
    vol.Required("codeowners"): vol.All([vol.Match(r"^@[\w-]+(/[\w-]+)?$")], vol.Length(min=1)),
    vol.Optional("config_flow"): bool,
    vol.Optional("connectivity"): vol.All([vol.In(slugs("connectivity"))], vol.Unique()),
    vol.Optional("dependencies"): [str],
    vol.Required("documentation"): documentation,
    vol.Optional("import_executor"): bool,
    vol.Required("integration_type"): vol.In(INTEGRATION_TYPES),
    vol.Required("iot_class"): vol.In(IOT_CLASSES),
    vol.Required("issue_tracker"): vol.Url(),
    vol.Optional("loggers"): [str],
    vol.Optional("quality_scale"): vol.In(QUALITY_SCALES),
    vol.Optional("requirements"): [str],
    vol.Optional("single_config_entry"): bool,
    vol.Required("version"): vol.All(str, version),
}
SCHEMA: Final = vol.Schema({**CHECKED, vol.In(KEYS - {str(key) for key in CHECKED}): object})
"""HACS wants the issue tracker, hassfest the rest. Ways of discovery are not checked, since there are none."""


def is_sorted(document: Document) -> bool:
    """Return whether domain and name come first, and the rest by the alphabet."""
    return list(document) == sorted(document, key=lambda key: (key != "domain", key != "name", key))


def test_it_says_what_it_has_to_and_nothing_else() -> None:
    SCHEMA(dict(manifest()))


def test_its_keys_are_sorted() -> None:
    assert is_sorted(manifest())


def test_the_domain_is_the_folder_and_nobody_elses() -> None:
    assert INTEGRATION.name == DOMAIN
    assert not (COMPONENTS / DOMAIN).exists()


def test_there_is_a_dialog_exactly_if_it_says_so() -> None:
    assert manifest().get("config_flow", False) == (INTEGRATION / "config_flow.py").exists()


def test_its_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert manifest()["version"] == project["version"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"codeowners": []},
        {"codeowners": ["amps-ai"]},
        {"categories": ["energy.perpetual_motion"]},
        {"connectivity": ["telepathy"]},
        {"documentation": "http://example.com/amps"},
        {"documentation": "https://www.home-assistant.io/integrations/amps"},
        {"domain": "volts"},
        {"homeassistant": "2026.10.4"},
        {"integration_type": "virtual"},
        {"iot_class": "cloud"},
        {"is_built_in": False},
        {"issue_tracker": "issues"},
        {"requirements": "pydantic"},
        {"version": "first"},
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_found(wrong: Document) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA({**manifest(), **wrong})


@pytest.mark.parametrize("key", sorted(str(key) for key in CHECKED if isinstance(key, vol.Required)))
def test_what_is_missing_is_found(key: str) -> None:
    with pytest.raises(vol.Invalid, match=key):
        SCHEMA({name: value for name, value in manifest().items() if name != key})


def test_disorder_is_found() -> None:
    assert not is_sorted({"domain": "", "name": "", "version": "", "codeowners": ""})
    assert not is_sorted({"name": "", "domain": ""})


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    """So it is in every JSON file that is read here."""
    (tmp_path / "manifest.json").write_text('{"name": "Amps", "name": "Volts"}', encoding="utf-8")
    with pytest.raises(ValueError, match="name"):
        read_json(tmp_path / "manifest.json")


@pytest.mark.parametrize("path", sorted(INTEGRATION.rglob("*.json")), ids=lambda path: path.name)
def test_every_json_file_can_be_read(path: Path) -> None:
    read_json(path)
