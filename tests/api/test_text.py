"""Texts of the service as they are shown."""

import re
import string

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.api import display_text, display_texts, escape_markdown
from custom_components.amps.api.text import MAX_LENGTH


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("FoxESS", "FoxESS"),
        ("H1-5.0-E ☀ 日本", "H1-5.0-E ☀ 日本"),
        (" \t\n ", ""),
        ("Fox\nESS\x00\x1b[31m\u202e\u200b", "Fox ESS [31m"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        ("x" * 20_000_000, "x" * 99 + "…"),
        ("\n" + "x" * 300, "x" * 99 + "…"),
    ],
)
def test_a_text_is_shown_on_one_line_and_cut(text: str, shown: str) -> None:
    assert display_text(text) == shown


@given(st.text(max_size=300))
def test_a_shown_text_is_short_and_printable_and_shown_unchanged(text: str) -> None:
    shown = display_text(text)
    assert len(shown) <= MAX_LENGTH
    assert shown.isprintable()
    assert display_text(shown) == shown


def test_the_first_of_many_texts_are_shown() -> None:
    assert display_texts([]) == "–"
    assert display_texts(["act_1", "act\n2"]) == "act_1, act 2"
    assert display_texts(map(str, range(10))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert display_texts(map(str, range(11))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("FoxESS H1", "FoxESS H1"),
        ("[a](b)", r"\[a\]\(b\)"),
        ("<img src=x>", r"\<img src\=x\>"),
        ("https://a.b", r"https\:\/\/a\.b"),
        ("www.a.b", r"www\.a\.b"),
        ("jane@a.b", r"jane\@a\.b"),
        ("INVALID_CREDENTIALS", r"INVALID\_CREDENTIALS"),
    ],
)
def test_a_text_is_shown_unchanged_in_markdown(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


@given(st.text())
def test_all_punctuation_is_escaped(text: str) -> None:
    escaped = escape_markdown(text)
    assert re.sub(r"\\(.)", r"\1", escaped, flags=re.DOTALL) == text
    assert not set(re.sub(r"\\.", "", escaped, flags=re.DOTALL)) & set(string.punctuation)
