"""quality_scale.yaml knows every rule of Home Assistant, and what it says is done is proven."""

import ast
from collections.abc import Iterator, Mapping
from importlib.metadata import files, metadata
from inspect import cleandoc
from pathlib import Path
import tomllib
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from packaging.requirements import Requirement
import pytest
import voluptuous as vol

from custom_components.amps.const import DOMAIN
from custom_components.amps.coordinator import AmpsCoordinator
from custom_components.amps.entity import AmpsEntity
from tests.integration.conftest import add_simulated_home

from .files import INTEGRATION, ROOT, described, manifest
from .quality_scale import PROOFS, judged, rules_of_home_assistant, status_of

COUNT: Final = 54
"""How many rules Home Assistant 2026.11 has."""
REASONED: Final = {
    vol.Required("status"): vol.In(["done", "todo", "exempt"]),
    vol.Required("comment"): vol.All(str, vol.Length(min=1)),
}
SCHEMA: Final = vol.Schema({str: vol.Any("done", REASONED)})
"""As hassfest has it, which looks at no custom integration; besides, what is still to do has a comment here."""


def test_every_rule_is_judged_and_no_other() -> None:
    assert len(rules_of_home_assistant()) == COUNT
    assert judged().keys() == set(rules_of_home_assistant())


def test_what_is_not_done_has_a_reason() -> None:
    SCHEMA(dict(judged()))


@pytest.mark.parametrize("wrong", ["todo", "exempt", {"status": "todo"}, {"status": "exempt", "comment": ""}], ids=str)
def test_what_is_not_done_without_a_reason_is_found(wrong: object) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA({**judged(), "discovery": wrong})


def test_no_tier_is_claimed_that_is_not_reached() -> None:
    """A custom integration has none: Home Assistant itself calls it `custom`."""
    assert "quality_scale" not in manifest()


def test_every_rule_that_is_done_is_proven_and_no_other() -> None:
    assert PROOFS.keys() == {rule for rule in judged() if status_of(rule) == "done"}


@pytest.mark.parametrize("rule", PROOFS)
def test_what_proves_a_rule_exists(rule: str) -> None:
    assert PROOFS[rule]
    assert [test for test in PROOFS[rule] if not _exists(test)] == []


def test_a_proof_that_does_not_exist_is_found() -> None:
    assert not _exists("packaging/test_quality_scale.py::test_nothing")
    assert not _exists("packaging/test_nothing.py::test_what_proves_a_rule_exists")
    assert _exists("packaging/test_quality_scale.py::test_what_proves_a_rule_exists")


def _exists(test: str) -> bool:
    """Return whether there is a test, without importing it: that of one suite may need what another has not."""
    path, _, name = test.partition("::")
    file = ROOT / "tests" / path
    return file.exists() and name in _functions(_parse(file))


# What hassfest checks of an integration of Home Assistant, and what else can be seen in the source.


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(node: ast.AST) -> Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {each.name: each for each in ast.walk(node) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def _calls(node: ast.AST) -> set[str]:
    """Return the names of the functions and methods that are called."""
    return {
        call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute | ast.Name)
    }


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    """Return the modules that run in Home Assistant, with their paths in the integration."""
    for path in sorted(INTEGRATION.rglob("*.py")):
        if "simulator" not in path.relative_to(INTEGRATION).parts:
            yield path.relative_to(INTEGRATION), _parse(path)


def _set_up() -> ast.AST:
    return _functions(_parse(INTEGRATION / "__init__.py"))["async_setup_entry"]


def test_set_up_keeps_what_runs_in_the_entry() -> None:
    assert "entry.runtime_data" in {
        ast.unparse(target) for node in ast.walk(_set_up()) if isinstance(node, ast.Assign) for target in node.targets
    }


def test_set_up_reads_the_account_first() -> None:
    assert "async_config_entry_first_refresh" in _calls(_set_up())


def test_the_dialog_refuses_what_is_there_already() -> None:
    assert "_async_abort_entries_match" in _calls(_parse(INTEGRATION / "config_flow.py"))


_TAKE_AN_ENTRY: Final[Mapping[str, tuple[str, ...]]] = {
    "__init__": (
        "async_setup_entry",
        "async_unload_entry",
        "async_remove_entry",
        "async_remove_config_entry_device",
        "async_migrate_entry",
    ),
    "diagnostics": ("async_get_config_entry_diagnostics", "async_get_device_diagnostics"),
    **dict.fromkeys(map(str, Platform), ("async_setup_entry",)),
}
"""Functions that Home Assistant calls with an entry, as their second argument."""


def test_the_entry_is_typed() -> None:
    """With the type that says what it keeps, wherever Home Assistant hands it over and wherever that type is known."""
    wrong = []
    for path, module in _modules():
        functions = _functions(module)
        expected = {name: 1 for name in _TAKE_AN_ENTRY.get(path.stem, ()) if name in functions and not path.parent.name}
        if path.name == "config_flow.py":
            expected["async_get_options_flow"] = 0
        wrong += [
            f"{path}: {name}"
            for name, place in expected.items()
            if (hint := functions[name].args.args[place].annotation) is None or ast.unparse(hint) != "AmpsConfigEntry"
        ]
        if "AmpsConfigEntry" in {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}:
            wrong += [f"{path}: {hint}" for hint in _hints(module) if "ConfigEntry" in hint.replace(" ", "").split("|")]
    assert wrong == []


def _hints(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield ast.unparse(node.annotation)


_SUBSCRIPTION: Final = ("async_listen", "async_add_listener", "async_dispatcher_connect", "async_track_")
"""How what subscribes begins."""


def test_entities_subscribe_when_they_are_added() -> None:
    """Before that an entity cannot write its state, and would be notified for ever when it is never added."""
    early = [
        f"{path}: {class_.name}.{name}"
        for path, module in _modules()
        for class_ in ast.walk(module)
        if isinstance(class_, ast.ClassDef) and any("Entity" in ast.unparse(base) for base in class_.bases)
        for name, function in _functions(class_).items()
        if name != "async_added_to_hass" and any(call.startswith(_SUBSCRIPTION) for call in _calls(function))
    ]
    assert early == []


def test_common_patterns_are_in_common_modules() -> None:
    assert issubclass(AmpsCoordinator, DataUpdateCoordinator)
    assert AmpsCoordinator.__module__ == f"{AmpsEntity.__module__.removesuffix('entity')}coordinator"
    bases = {ast.unparse(base) for path, module in _modules() if path.stem in set(Platform) for base in _bases(module)}
    assert not {base for base in bases if base.startswith("CoordinatorEntity")}


def _bases(module: ast.Module) -> Iterator[ast.expr]:
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from node.bases


_TRANSLATED: Final = {
    "ConfigEntryAuthFailed",
    "ConfigEntryError",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "ServiceValidationError",
    "UpdateFailed",
}
"""Errors of Home Assistant that people see; those of permissions have texts of Home Assistant's own."""


def untranslated(module: ast.AST) -> list[int]:
    """Return the lines in which an error that people see is made without a key of a text."""
    return [
        call.lineno
        for call in ast.walk(module)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in _TRANSLATED
        and "translation_key" not in {keyword.arg for keyword in call.keywords}
    ]


def test_home_assistants_errors_are_raised_with_a_text() -> None:
    assert {str(path): lines for path, module in _modules() if (lines := untranslated(module))} == {}


def test_an_error_without_a_text_is_found() -> None:
    code = """
    def refuse():
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="busy")
    def fail():
        raise UpdateFailed("no answer")
    """
    assert untranslated(ast.parse(cleandoc(code))) == [4]


_BLOCKING: Final = {"concurrent", "http", "requests", "socket", "subprocess", "threading", "urllib"}
"""Packages by which one waits for others in the event loop, or in threads."""
_HARMLESS: Final = {"http.HTTPStatus", "urllib.parse"}


def test_the_client_blocks_nobody() -> None:
    imported = {
        name for path, module in _modules() if path.parent.name in {"api", "models"} for name in _imports(module)
    }
    assert {name for name in imported if name.partition(".")[0] == "aiohttp"}
    assert {
        name
        for name in imported
        if name.partition(".")[0] in _BLOCKING and not any(name.startswith(harmless) for harmless in _HARMLESS)
    } == set()


def _imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str() as name, names=names, level=0):
                yield from (f"{name}.{alias.name}" for alias in names)


def test_nobody_but_home_assistant_makes_a_session() -> None:
    assert [str(path) for path, module in _modules() if "ClientSession" in _calls(module)] == []
    assert "async_create_clientsession" in {call for _, module in _modules() for call in _calls(module)}


# What is installed on a user's Home Assistant.


def _requirements() -> list[str]:
    return [Requirement(text).name for text in manifest().get("requirements", ())]


@pytest.mark.parametrize("name", _requirements())
def test_requirements_have_a_free_licence(name: str) -> None:
    said = metadata(name)
    classifiers = [text for text in said.get_all("Classifier", []) if text.startswith("License :: OSI Approved")]
    assert classifiers or said["License-Expression"] in {"Apache-2.0", "BSD-3-Clause", "MIT"}


@pytest.mark.parametrize("name", _requirements())
def test_requirements_are_typed(name: str) -> None:
    assert [path for path in files(name) or () if path.name == "py.typed"]


def test_types_are_strict() -> None:
    """That mypy finds nothing is for scripts/lint to say."""
    mypy: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert mypy["strict"]
    assert INTEGRATION.parent.name in mypy["files"]
    relaxed = {name for each in mypy["overrides"] for name in each["module"]}
    assert not {name for name in relaxed if name.startswith(INTEGRATION.parent.name)}
    assert "mypy" in (ROOT / "scripts" / "lint").read_text(encoding="utf-8")


def test_coverage_is_measured_and_demanded() -> None:
    """The rule asks for more than 95 % of every module together; that they are reached is for scripts/test to say."""
    coverage: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
    assert coverage["report"]["fail_under"] > 95
    assert coverage["run"]["source"] == [INTEGRATION.relative_to(ROOT).as_posix()]
    assert not {"omit", "include"} & {*coverage["run"], *coverage["report"]}
    runs = [
        line
        for line in (ROOT / "scripts" / "test").read_text(encoding="utf-8").splitlines()
        if line.startswith(".venv/bin/python -m pytest") and line.endswith("--cov")
    ]
    assert len(runs) == 1


# What a home shows.


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_every_entity_has_a_unique_id_and_a_name_of_its_own(hass: HomeAssistant) -> None:
    """The device's name comes before it, which Home Assistant adds."""
    await add_simulated_home(hass)
    entities = [entity for platform in async_get_platforms(hass, DOMAIN) for entity in platform.entities.values()]
    assert entities
    assert [entity.entity_id for entity in entities if not entity.has_entity_name] == []
    registry = er.async_get(hass)
    registered = {entity.entity_id: registry.async_get(entity.entity_id) for entity in entities}
    assert [entity_id for entity_id, entry in registered.items() if entry is None or not entry.unique_id] == []


# What does not apply.


def test_nothing_is_discovered() -> None:
    ways = {"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"}
    assert {rule for rule in ("discovery", "discovery-update-info") if status_of(rule) == "exempt"}
    assert not ways & manifest().keys()


@pytest.mark.parametrize("kind", ["triggers", "conditions"])
def test_what_there_is_for_automations_is_documented(kind: str) -> None:
    """What is still to come has to be documented as soon as it is there."""
    assert bool(described(kind)) <= (status_of(f"docs-{kind}") == "done")
