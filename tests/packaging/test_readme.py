"""README.md, the documentation, describes what there is: every entity, action and field, and nothing else."""

from collections.abc import Iterator, Mapping
from functools import cache
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.util.yaml import parse_yaml
import pytest

from .fields import fields
from .files import ROOT, described, texts

SECTIONS: Final = (
    "Install",
    "Supported devices",
    "Supported functions",
    "Actions",
    "Automations",
    "Options",
    "How data is updated",
    "Use cases",
    "Examples",
    "Known limitations",
    "Troubleshooting",
    "Remove",
)
"""What the documentation rules of the quality scale ask for, in the order in which a person needs it."""

type Table = list[list[str]]


@cache
def readme() -> str:
    """Return the documentation."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def sections() -> Mapping[str, str]:
    """Return what stands under each heading, up to the next of any level, but for comments in code."""
    parts = re.split(r"^#{2,} (.+)\n", re.sub(r"```.*?```", "", readme(), flags=re.DOTALL), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def tables(section: str) -> list[Table]:
    """Return the rows of the tables of a section, without their heads."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", sections()[section], flags=re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in block.splitlines()[2:]] for block in blocks
    ]


def quoted(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def labels(node: object) -> Iterator[str]:
    """Return the names of the fields of dialogs."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from value.values() if key == "data" else labels(value)


CONFIGURATION: Final = "lovelace:\n"
"""How what people may have to write in their configuration begins; all other YAML is automations."""


def examples(text: str) -> list[str]:
    """Return the examples in YAML."""
    return re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)


def test_it_begins_with_what_it_is_about() -> None:
    first = readme().split("\n\n")[1]
    assert "Amps" in first
    assert "Home Assistant" in first


def test_every_section_is_there() -> None:
    assert [name for name in sections() if name in SECTIONS] == list(SECTIONS)
    assert [name for name in SECTIONS if not sections()[name].strip()] == []


def test_every_entity_is_listed() -> None:
    (table,) = tables("Supported functions")
    cells = [re.sub(r"\(.*?\)", "", cell) for row in table for cell in row[1:]]
    listed = {name.strip() for cell in cells for name in cell.split(",")} - {""}
    # A device's main entity has only the device's name, and is listed by its key.
    entities = [item for kind in texts()["entity"].values() for item in kind.items()]
    assert listed == {entity.get("name", key).lower() for key, entity in entities}


def test_every_field_of_a_dialog_is_described() -> None:
    assert {name for name, _ in tables("Install")[0]} == set(labels(texts()["config"]))
    assert {name for name, _ in tables("Options")[0]} == set(labels(texts()["options"]))


def test_every_action_has_its_fields_described() -> None:
    actions, explained = tables("Actions")
    listed = {name.removeprefix("amps."): set(quoted(row[2])) for row in actions for name in quoted(row[0])}
    taken = {name: set(fields(description)) for name, description in described("services").items()}
    assert listed == taken
    assert {name for row in explained for name in quoted(row[0])} == set().union(*taken.values())


def test_what_to_configure_is_what_the_repair_says() -> None:
    said = [example for example in examples(readme()) if example.startswith(CONFIGURATION)]
    assert said == examples(texts()["issues"]["cards_not_loaded"]["description"])


@pytest.mark.parametrize(("place", "kind"), enumerate(("triggers", "conditions")))
def test_every_trigger_and_condition_has_its_options_described(place: int, kind: str) -> None:
    listed = {row[0].strip("`").removeprefix("amps."): set(quoted(row[2])) for row in tables("Automations")[place]}
    assert listed == {name: set(fields(description)) for name, description in described(kind).items()}


def test_every_blueprint_is_listed() -> None:
    listed = re.findall(r"\]\((blueprints/.+?)\)", sections()["Examples"])
    assert listed == sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "blueprints").rglob("*.yaml"))


@pytest.mark.parametrize(
    "example",
    [example for example in examples(readme()) if not example.startswith(CONFIGURATION)],
    ids=lambda text: text.partition("\n")[0],
)
async def test_an_example_is_one_that_home_assistant_takes(hass: HomeAssistant, example: str) -> None:
    parsed: Any = parse_yaml(example)
    automations = parsed if isinstance(parsed, list) else [{"actions": [parsed]}]
    for automation in automations:
        cv.TRIGGER_SCHEMA(automation.get("triggers", []))
        for kind, key in (("triggers", "trigger"), ("conditions", "condition")):
            for each in automation.get(kind, []):
                domain, _, name = each[key].partition(".")
                assert domain != "amps" or each.get("options", {}).keys() <= fields(described(kind)[name]).keys()
        for action in cv.SCRIPT_SCHEMA(automation["actions"]):
            domain, _, name = action["action"].partition(".")
            assert domain != "amps" or action["data"].keys() <= fields(described("services")[name]).keys()
