"""Settings, checked against what a device declares (api §7)."""

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.api.models import Setting
from custom_components.amps.rules.settings import build_quantities, find_differing, find_setting_objections

SETTINGS = {
    "discharge_floor": Setting(name="discharge_floor", value=10, unit="percent", min=5, max=90),
    "export_limit": Setting(name="exportLimit", value=5000, unit="watts"),
    "max_charge_rate": Setting(name="max_charge_rate", value=None, unit="amps"),
    "rate": Setting(name="rate", value=7, unit="kw"),
    "scheduler_enabled": Setting(name="scheduler_enabled", value=False, unit="percent"),
    "profile": Setting(name="profile", value="winter", unit="percent"),
    "unitless": Setting(name="unitless", value=1),
}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("discharge_floor", 5, 90), ("export_limit", 0, 20_000), ("max_charge_rate", 0, 1000), ("rate", 0, 50)],
)
def test_bounds_are_declared_or_usual(name: str, low: float, high: float) -> None:
    for value in (low, high):
        assert find_setting_objections(SETTINGS, {name: value}) == []
    for value in (low - 0.1, high + 0.1, float("nan"), float("inf")):
        (objection,) = find_setting_objections(SETTINGS, {name: value})
        assert objection.key == "setting_out_of_range"
        assert (objection.placeholders["min"], objection.placeholders["max"]) == (f"{low:g}", f"{high:g}")


@pytest.mark.parametrize("name", ["scheduler_enabled", "profile", "unitless"])
def test_what_has_no_unit_or_no_number_cannot_be_written(name: str) -> None:
    (objection,) = find_setting_objections(SETTINGS, {name: 1})
    assert objection.key == "setting_read_only"
    assert objection.supported == ("discharge_floor", "export_limit", "max_charge_rate", "rate")


@pytest.mark.parametrize("settings", [{}, {"profile": SETTINGS["profile"]}], ids=["none", "one to read"])
@pytest.mark.parametrize("name", ["profile", "rate"])
def test_no_alternative_is_named_where_there_is_none(settings: dict[str, Setting], name: str) -> None:
    (objection,) = find_setting_objections(settings, {name: 1})
    assert (objection.key, objection.supported) == ("no_writable_settings", ())


def test_all_objections_are_found_at_once() -> None:
    found = find_setting_objections(SETTINGS, {"ceiling": 1, "discharge_floor": 1, "profile": 1, "rate": 5})
    assert [objection.key for objection in found] == [
        "setting_not_supported",
        "setting_out_of_range",
        "setting_read_only",
    ]


@given(st.dictionaries(st.sampled_from(sorted(SETTINGS)), st.floats(-10, 30_000)))
def test_what_is_not_objected_to_is_sent_as_it_is(values: dict[str, float]) -> None:
    if find_setting_objections(SETTINGS, values):
        return
    quantities = build_quantities(SETTINGS, values)
    assert quantities.keys() == {SETTINGS[name].name for name in values}
    assert [quantity.value for quantity in quantities.values()] == list(values.values())


def test_a_value_that_is_not_shown_is_found() -> None:
    values = {"discharge_floor": 10.0, "export_limit": 4000.0, "max_charge_rate": 5.0, "ceiling": 1.0}
    assert find_differing(SETTINGS, values) == ["export_limit", "max_charge_rate", "ceiling"]
