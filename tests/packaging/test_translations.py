"""translations/*.json have the shape that hassfest wants of a custom integration; en.json is what the others translate.

What its translations share with it is checked by `test_languages.py`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from homeassistant.generated.languages import LANGUAGES
import pytest
import voluptuous as vol

from .files import INTEGRATION, languages, texts
from .schemas import by_key, key, placeholders, plain, text
from .source import words

type TextSchema = Mapping[str | vol.Marker, Any]

FIELDS: Final[TextSchema] = {
    vol.Optional("data"): by_key(text),
    vol.Optional("data_description"): by_key(text),
}
STEP: Final[TextSchema] = {
    vol.Required("title"): text,
    vol.Optional("description"): text,
    **FIELDS,
    vol.Optional("menu_options"): by_key(text),
    vol.Optional("menu_option_descriptions"): by_key(text),
    vol.Optional("submit"): text,
    vol.Optional("sections"): by_key({vol.Required("name"): text, vol.Optional("description"): text, **FIELDS}),
}
FLOW: Final[TextSchema] = {
    vol.Optional("flow_title"): text,
    vol.Required("step"): by_key(STEP),
    vol.Optional("error"): by_key(text),
    vol.Optional("abort"): by_key(text),
    vol.Optional("progress"): by_key(text),
    vol.Optional("create_entry"): by_key(text),
}
ISSUE: Final = vol.Any(
    {vol.Required("title"): text, vol.Required("description"): text},
    {vol.Required("title"): text, vol.Required("fix_flow"): FLOW},
)
ENTITY: Final[TextSchema] = {
    vol.Optional("name"): text,
    vol.Optional("state"): by_key(plain),
    vol.Optional("state_attributes"): by_key({vol.Optional("name"): plain, vol.Optional("state"): by_key(plain)}),
    vol.Optional("unit_of_measurement"): plain,
}
SELECTOR: Final[TextSchema] = {
    vol.Optional("choices"): by_key(text),
    vol.Optional("options"): by_key(text),
    vol.Optional("unit_of_measurement"): by_key(text),
    vol.Optional("fields"): by_key({vol.Required("name"): text, vol.Required("description"): text}),
}
SERVICE: Final[TextSchema] = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): by_key(
        {vol.Required("name"): text, vol.Required("description"): text, vol.Optional("example"): text}
    ),
    vol.Optional("sections"): by_key({vol.Required("name"): text, vol.Optional("description"): text}),
}
AUTOMATION: Final[TextSchema] = {
    vol.Required("name"): text,
    vol.Required("description"): text,
    vol.Optional("fields"): by_key({vol.Required("name"): text, vol.Optional("description"): text}),
}
SCHEMA: Final = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Optional("common"): by_key(text),
        vol.Optional("conditions"): by_key(AUTOMATION),
        vol.Optional("config"): FLOW,
        vol.Optional("config_subentries"): by_key(
            {**FLOW, vol.Required("entry_type"): text, vol.Required("initiate_flow"): by_key(text)}
        ),
        vol.Optional("device"): by_key({vol.Optional("name"): text}),
        vol.Optional("entity"): by_key(by_key(ENTITY)),
        vol.Optional("exceptions"): by_key({vol.Required("message"): text}),
        vol.Optional("issues"): by_key(ISSUE),
        vol.Optional("options"): FLOW,
        vol.Optional("selector"): by_key(SELECTOR),
        vol.Optional("services"): by_key(SERVICE),
        vol.Optional("system_health"): {vol.Optional("info"): by_key(text)},
        vol.Optional("triggers"): by_key(AUTOMATION),
    }
)


def described_without_label(form: dict[str, Any]) -> set[str]:
    """Return the fields of a form that are explained but not named."""
    return set(form.get("data_description", ())) - set(form.get("data", ()))


@pytest.mark.parametrize("language", languages())
def test_the_texts_stand_where_home_assistant_looks_for_them(language: str) -> None:
    SCHEMA(dict(texts(language)))


def test_what_is_explained_has_a_name() -> None:
    flows = [texts()[root] for root in ("config", "options") if root in texts()]
    steps = [step for flow in flows for step in flow["step"].values()]
    forms = [*steps, *(section for step in steps for section in step.get("sections", {}).values())]
    assert forms
    assert not [form for form in forms if described_without_label(form)]


def test_what_fills_in_a_repair_is_escaped_where_it_is_markdown() -> None:
    repairs = [repair for repair in texts()["issues"].values() if "description" in repair]
    assert repairs
    flows = [repair["fix_flow"] for repair in texts()["issues"].values() if "fix_flow" in repair]
    markdown = [
        *(repair["description"] for repair in repairs),
        *(step["description"] for flow in flows for step in flow["step"].values()),
        *(reason for flow in flows for reason in flow["abort"].values()),
    ]
    assert flows
    assert not [name for shown in markdown for name in placeholders(shown) if not is_escaped(name)]
    titles = [repair["title"] for repair in texts()["issues"].values()]
    assert not [name for title in titles for name in placeholders(title) if is_escaped(name)]


def is_escaped(name: str) -> bool:
    """Return whether a placeholder stands for a text that is escaped for Markdown."""
    return name.endswith("_markdown")


@pytest.mark.parametrize("root", ["exceptions", "issues", "config", "options"])
def test_every_text_is_used(root: str) -> None:
    """That each error, repair and dialog has its text is found where they come up, by `tests/integration/checks.py`."""
    assert not unused(texts()[root])


def test_a_text_that_nobody_uses_is_found() -> None:
    assert unused({"device_gone": {"message": "Gone"}, "device_lost": {"message": "Lost"}}) == {"device_lost"}


def unused(said: Mapping[str, Any]) -> set[str]:
    """Return the keys of texts that the source never names."""
    return set(keys(said)) - LEVELS - words()


def keys(said: Mapping[str, Any]) -> Iterator[str]:
    """Return all keys of some texts, at every level."""
    for each, value in said.items():
        yield each
        if isinstance(value, Mapping):
            yield from keys(value)


LEVELS: Final = {
    str(each)
    for shape in (FLOW, STEP, {"name": text, "message": text, "title": text, "description": text, "fix_flow": FLOW})
    for each in shape
}
"""The keys that Home Assistant prescribes."""


def test_there_are_no_sources_of_texts_besides() -> None:
    """strings.json is what built-in integrations are translated from; here, nobody would read it."""
    assert not list(INTEGRATION.rglob("strings*.json"))
    assert set(languages()) <= LANGUAGES


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "Amps"},
        {"config": {}},
        {"config": {"title": "Amps", "step": {}}},
        {"config": {"step": {"user": {"description": "Hello"}}}},
        {"config": {"step": {"user": {"title": "Hello", "fields": {"url": "URL"}}}}},
        {"config": {"step": {"user": {"title": "Hello", "sections": {"more": {"data": {"url": "URL"}}}}}}},
        {"config": {"step": {}, "error": {"Not_Found": "Not found"}}},
        {"entity": {"sensor": {"level": {"name": "Level", "icon": "mdi:battery"}}}},
        {"entity": {"sensor": {"level": {"state": {"high.": "High"}}}}},
        {"entity": {"sensor": {"level": {"state": {"high": "High, {device}"}}}}},
        {"entity": {"sensor": {"level": "Level"}}},
        {"exceptions": {"busy": "Busy"}},
        {"exceptions": {"busy": {}}},
        {"issues": {"silent": {"title": "Silence"}}},
        {"issues": {"silent": {"title": "Silence", "description": "", "fix_flow": {"step": {}}}}},
        {"selector": {"mode": {"option": {}}}},
        {"services": {"charge": {"name": "Charge"}}},
        {"services": {"charge": {"name": "Charge", "description": "Charges.", "fields": {"power": {"name": "Power"}}}}},
        {"state": {"_": {"on": "On"}}},
    ],
    ids=str,
)
def test_what_breaks_a_rule_is_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        SCHEMA({**texts(), **wrong})


def test_a_key_is_checked_at_every_level() -> None:
    with pytest.raises(vol.Invalid):
        by_key(by_key(key))({"sensor": {"Level": "level"}})
