"""The checks of keys, texts and icons let through what is right, and only that."""

import pytest
import voluptuous as vol

from .schemas import icon, key, plain, text


@pytest.mark.parametrize("value", ["level", "mode_2", "a", "0", "battery-level"])
def test_a_key_passes(value: str) -> None:
    assert key(value) == value


@pytest.mark.parametrize("value", ["", "Level", "_level", "level-", "auto.export", "two__parts", "two-_parts", "ä", 1])
def test_what_is_no_key_does_not(value: object) -> None:
    with pytest.raises(vol.Invalid):
        key(value)


@pytest.mark.parametrize("value", ["Level", "It has to start with http:// or https://.", "{device} is busy.", "a < b"])
def test_a_text_passes(value: str) -> None:
    assert text(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Level ",
        None,
        "<b>Level</b>",
        "[%key:common::state::on%]",
        "See https://docs.amps.ai/keys.",
        "See www.amps.ai.",
        "'{device}' is busy.",
        "{device name} is busy.",
        "{} is busy.",
        "{0} is busy.",
    ],
)
def test_what_breaks_a_rule_does_not(value: object) -> None:
    with pytest.raises(vol.Invalid):
        text(value)


def test_a_state_has_no_placeholders() -> None:
    assert plain("Charging") == "Charging"
    with pytest.raises(vol.Invalid):
        plain("Charging {device}")


def test_an_icon_is_one_that_the_frontend_has() -> None:
    assert icon("mdi:battery") == "mdi:battery"
    for wrong in ("battery", "mdi:perpetual-motion", "hass:battery", None):
        with pytest.raises(vol.Invalid):
            icon(wrong)
