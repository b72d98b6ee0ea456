"""Every choice in a form or an action has its text, and every such text is a choice."""

from collections.abc import Iterator

from .fields import ENTITY_CLASSES, selects
from .files import described, texts
from .source import Source, parse, source


def in_forms(found: Source) -> Iterator[tuple[str, set[str]]]:
    """Return the translated choices in forms: the key of their texts, and the choices."""
    for call in found.calls_of("SelectSelectorConfig"):
        for key in found.strings(call.keyword("translation_key"), call.scope):
            yield key, found.strings(call.keyword("options"), call.scope)


def choices() -> dict[str, set[str]]:
    """Return all translated choices by the key of their texts, which several fields may share."""
    found: dict[str, set[str]] = {}
    in_files = (select for kind in ENTITY_CLASSES for select in selects(described(kind)))
    for key, options in (*in_forms(source()), *in_files):
        found.setdefault(key, set()).update(options)
    return found


def test_every_choice_has_its_text() -> None:
    assert {key: set(said.get("options", ())) for key, said in texts()["selector"].items()} == choices()


def test_choices_in_a_form_are_found() -> None:
    code = """
HOSTED = "hosted"
def ask(key):
    return SelectSelector(SelectSelectorConfig(options=["embedded", *others()], translation_key=key))
def others():
    return ("hosted",)
ask("host")
SelectSelector(SelectSelectorConfig(options=[]))
"""
    assert list(in_forms(Source.of([parse(code)]))) == [("host", {"embedded", "hosted"})]


def test_choices_in_a_file_are_found() -> None:
    mode = {"selector": {"select": {"translation_key": "mode", "options": ["idle"]}}}
    untranslated = {"selector": {"select": {"options": ["kW"]}}}
    charge = {"fields": {"mode": mode, "unit": untranslated, "when": {"fields": {"later": mode}}}}
    assert list(selects({"charge": charge, "idle": None})) == [("mode", {"idle"}), ("mode", {"idle"})]
