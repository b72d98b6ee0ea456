"""Identifiers that are derived from a seed."""

from itertools import product

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.simulator.identifiers import action_id, device_id, fingerprint, fraction, token

_ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_fingerprint_depends_on_where_its_parts_begin() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc") != fingerprint("abc")
    assert fingerprint("a", "") != fingerprint("", "a") != fingerprint("a")


@given(st.lists(_ANY_TEXT))
def test_fingerprint_is_always_the_same(parts: list[str]) -> None:
    assert fingerprint(*parts) == fingerprint(*parts) < 1 << 128


@given(_ANY_TEXT)
def test_fraction_lies_between_nought_and_one(text: str) -> None:
    assert 0 <= fraction(text) < 1


@pytest.mark.parametrize(("number", "text"), [(0, "0000"), (1, "1000"), (31, "z000"), (32, "0100"), (1 << 20, "0000")])
def test_token_has_the_lowest_bits(number: int, text: str) -> None:
    assert token(number, 4) == text


def test_device_ids_of_a_seed_are_a_permutation() -> None:
    assert len({device_id("seed", index)[-4:] for index in range(200_000)}) == 200_000


def test_action_ids_differ_by_seed_resets_number_and_instant() -> None:
    each = range(20)
    assert len({action_id(*parts) for parts in product("ab", each, each, each)}) == 2 * 20**3
