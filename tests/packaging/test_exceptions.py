"""Every error and repair that the code tells of has its text, and every such text is told."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pytest

from .files import texts
from .schemas import placeholders
from .source import Call, Source, parse, source


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text that is told, and what is filled in: None when that cannot be told from the source."""

    key: str
    filled_in: frozenset[str] | None


def exceptions(found: Source) -> Iterator[Told]:
    """Return the errors: whatever is called with a key and with the domain that the text belongs to."""
    for call in found.calls:
        if call.keyword("translation_domain") is not None:
            yield from _told(found, call)


def issues(found: Source) -> Iterator[Told]:
    """Return the repairs."""
    for call in found.calls_of("async_create_issue"):
        yield from _told(found, call)


def _told(found: Source, call: Call) -> Iterator[Told]:
    match call.keyword("translation_key"):
        case ast.Attribute(attr="translation_key"):
            return  # it is handed on from another error, which is found by itself
        case key:
            for each in found.strings(key, call.scope):
                yield Told(key=each, filled_in=_filled_in(call))


def _filled_in(call: Call) -> frozenset[str] | None:
    match call.keyword("translation_placeholders"):
        case None:
            return frozenset()
        case ast.Dict(keys=keys):
            names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            return frozenset(names) if len(names) == len(keys) else None
        case _:
            return None


def blanks(root: str) -> Mapping[str, set[str]]:
    """Return the names in braces of each text of a root."""
    return {key: placeholders(" ".join(_strings(value))) for key, value in texts().get(root, {}).items()}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    else:
        yield str(value)


ROOTS: Final[Mapping[str, Callable[[Source], Iterator[Told]]]] = {"exceptions": exceptions, "issues": issues}


@pytest.mark.parametrize("root", ROOTS)
def test_what_is_told_is_what_has_a_text(root: str) -> None:
    assert {told.key for told in ROOTS[root](source())} == blanks(root).keys()


@pytest.mark.parametrize("root", ROOTS)
def test_no_blank_is_left_empty(root: str) -> None:
    left = {
        told.key: names
        for told in ROOTS[root](source())
        if told.filled_in is not None and (names := blanks(root).get(told.key, set()) - told.filled_in)
    }
    assert not left


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            'Error(translation_domain=DOMAIN, translation_key="busy")',
            Told(key="busy", filled_in=frozenset()),
        ),
        (
            'Error(translation_domain=DOMAIN, translation_key="busy", translation_placeholders={"device": name})',
            Told(key="busy", filled_in=frozenset({"device"})),
        ),
        (
            'Error(translation_domain=DOMAIN, translation_key="busy", translation_placeholders={"a": 1, **others})',
            Told(key="busy", filled_in=None),
        ),
    ],
)
def test_an_error_is_found_with_what_fills_its_blanks(code: str, told: Told) -> None:
    assert list(exceptions(Source.of([parse(code)]))) == [told]


def test_an_error_that_is_handed_on_is_not_told_twice() -> None:
    code = "Error(translation_domain=err.translation_domain, translation_key=err.translation_key)"
    assert not list(exceptions(Source.of([parse(code)])))


def test_a_repair_is_found() -> None:
    code = 'ir.async_create_issue(hass, DOMAIN, "silent", translation_key="webhook_silent")'
    assert list(issues(Source.of([parse(code)]))) == [Told(key="webhook_silent", filled_in=frozenset())]
