"""Every language says what English says: all of it, with the same placeholders, in words of its own."""

from collections.abc import Iterator, Mapping
import re
from typing import Any, Final

import pytest

from .files import ROOT, Document, languages, texts
from .schemas import placeholders

MAX_ALIKE: Final = 30
"""How many texts may read as they do in English: Status, URL, Webhook, and whatever else a language shares with it."""

MARKUP: Final = re.compile(r"`+[^`]*`+|\*+|\n|https?:[^\s,.;]*|\b(?:whsec_|push\.\w+)")
"""Code, emphasis, line breaks, and words that Amps prescribes."""

each_language: Final = pytest.mark.parametrize("language", [found for found in languages() if found != "en"])


def flat(said: Document, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text after its path."""
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def fixed(said: str) -> tuple[set[str], list[str]]:
    """Return what stays in every language, whose order is each one's own."""
    return placeholders(said), sorted(MARKUP.findall(said))


def changed(said: Document) -> set[str]:
    """Return the paths of texts that differ from English in more than words."""
    english = dict(flat(texts()))
    return {path for path, found in flat(said) if fixed(found) != fixed(english[path])}


def choices(said: Document) -> dict[str, dict[str, str]]:
    """Return the texts that one has to tell apart: entities of a platform, states of each, options of a selector."""
    entities: dict[str, dict[str, dict[str, Any]]] = said["entity"]
    names = {
        platform: {key: entity["name"] for key, entity in each.items() if "name" in entity}
        for platform, each in entities.items()
    }
    states = {
        f"{platform}.{key}": entity["state"]
        for platform, each in entities.items()
        for key, entity in each.items()
        if "state" in entity
    }
    options = {key: selector["options"] for key, selector in said["selector"].items() if "options" in selector}
    return names | states | options


def confused(said: Document) -> set[str]:
    """Return where texts read alike that differ in English."""
    english = choices(texts())
    return {place for place, found in choices(said).items() if different(found) < different(english[place])}


def different(choice: Mapping[str, str]) -> int:
    """Return how many texts there are, not counting those that read alike twice."""
    return len(set(choice.values()))


def test_the_cards_and_what_they_take_words_from_speak_the_same_languages() -> None:
    assert {path.stem for path in (ROOT / "frontend" / "src" / "texts").glob("??.ts")} == set(languages())


@each_language
def test_a_language_has_the_texts_that_english_has_in_the_same_order(language: str) -> None:
    assert [path for path, _ in flat(texts(language))] == [path for path, _ in flat(texts())]


@each_language
def test_a_text_has_the_placeholders_and_the_markup_of_the_english_one(language: str) -> None:
    assert not changed(texts(language))


@each_language
def test_a_language_has_words_of_its_own(language: str) -> None:
    alike = set(flat(texts(language))) & set(flat(texts()))
    assert len(alike) <= MAX_ALIKE, alike


@each_language
def test_what_one_chooses_from_differs_where_it_does_in_english(language: str) -> None:
    assert not confused(texts(language))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("trigger_data_stale", "Ablesungen sind veraltet"),
        ("trigger_data_stale", "{gerät}: Ablesungen sind veraltet"),
        ("trigger_data_stale", "`{device}`: Ablesungen sind veraltet"),
        ("trigger_data_stale", "{device}:\nAblesungen sind veraltet"),
        ("trigger_data_stale", "{device}: Ablesungen sind **veraltet**"),
    ],
)
def test_what_differs_in_more_than_words_is_found(path: str, wrong: str) -> None:
    assert changed({"common": {path: wrong}}) == {f"common.{path}"}


def test_a_choice_that_cannot_be_told_from_another_is_found() -> None:
    selector = {**texts()["selector"], "then": {"options": dict.fromkeys(texts()["selector"]["then"]["options"], "So")}}
    assert confused({**texts(), "selector": selector}) == {"then"}
