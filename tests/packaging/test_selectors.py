"""Every choice of an action's field has its text, and every such text is a choice."""

from .fields import ENTITY_CLASSES, selects
from .files import described, texts
from .source import words


def in_files() -> dict[str, set[str]]:
    """Return the translated choices by the key of their texts, which several fields may share."""
    found: dict[str, set[str]] = {}
    for kind in ENTITY_CLASSES:
        for key, options in selects(described(kind)):
            found.setdefault(key, set()).update(options)
    return found


def said() -> dict[str, set[str]]:
    """Return the choices that have texts, by the key of these."""
    return {key: set(text.get("options", ())) for key, text in texts()["selector"].items()}


def test_every_choice_of_a_field_has_its_text() -> None:
    assert said().items() >= in_files().items()


def test_all_others_are_choices_of_a_dialog() -> None:
    """Which choices these are is checked where a dialog shows them, by `tests/integration/checks.py`."""
    assert said().keys() - in_files().keys() <= words()


def test_choices_in_a_file_are_found() -> None:
    mode = {"selector": {"select": {"translation_key": "mode", "options": ["idle"]}}}
    untranslated = {"selector": {"select": {"options": ["kW"]}}}
    charge = {"fields": {"mode": mode, "unit": untranslated, "when": {"fields": {"later": mode}}}}
    assert list(selects({"charge": charge, "idle": None})) == [("mode", {"idle"}), ("mode", {"idle"})]
