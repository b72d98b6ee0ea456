"""Whether a device takes a command: everything that stands against it, at once (design §6, api §5.1)."""

import math

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.api.models import Battery
from custom_components.amps.rules.capability import (
    CommandRequest,
    OnConflict,
    ParameterValue,
    bounds,
    build_payload,
    convert_parameters,
    find_objections,
)
from custom_components.amps.rules.timing import Window

from .devices import NOW, battery, charger, hvac

units = st.sampled_from([None, "percent", "kw", "watts", "amps", "celsius", "furlongs"])
values = st.floats(allow_nan=True, allow_infinity=True)
names = st.sampled_from(["target", "power", "reserve", "wings"])
requests = st.builds(
    CommandRequest,
    command=st.sampled_from(["charge", "discharge", "idle", "auto_balanced", "fly"]),
    parameters=st.dictionaries(names, st.builds(ParameterValue, value=values, unit=units)),
    on_conflict=st.sampled_from(OnConflict),
)
windows = st.sampled_from([Window(), Window(start=NOW), Window(start=NOW, end=NOW.replace(hour=13))])
devices = st.builds(
    lambda execution, strategies: battery(execution, strategies=tuple(strategies)),
    st.lists(st.sampled_from(["immediate", "scheduled", "windowed"]), unique=True),
    st.lists(st.sampled_from(["cancel_and_replace", "queue_after"]), unique=True),
)


@given(devices, requests, windows)
def test_everything_that_stands_against_a_command_is_said_and_nothing_else(
    device: Battery, request: CommandRequest, window: Window
) -> None:
    objections = find_objections(device, request, window)
    found = [(each.key, each.placeholders.get("parameter")) for each in objections]
    command = device.commands.get(request.command)
    if command is None:
        assert found == [("command_not_supported", None)]
        assert set(objections[0].supported) == set(device.commands)
        return
    expected: list[tuple[str, str | None]] = []
    if window.execution not in command.execution:
        expected.append(("execution_not_supported" if command.execution else "no_execution", None))
    if request.on_conflict is not OnConflict.FAIL and request.on_conflict not in device.conflict_strategies:
        expected.append(("on_conflict_not_supported", None))
    for name, given_ in request.parameters.items():
        if (parameter := command.parameters.get(name)) is None:
            expected.append(("parameter_not_supported" if command.parameters else "no_parameters", name))
        elif given_.unit not in {None, parameter.unit}:
            expected.append(("unit_not_supported", name))
        elif not bounds(parameter)[0] <= given_.value <= bounds(parameter)[1]:
            expected.append(("parameter_out_of_range", name))
    assert found == expected
    if not expected:
        payload = build_payload(device, request, window)
        assert all(math.isfinite(quantity.value) for quantity in payload.parameters.values())
        assert {name: quantity.unit for name, quantity in payload.parameters.items()} == {
            name: command.parameters[name].unit for name in request.parameters
        }
    # Whatever is wrong with it, what would be sent can be shown.
    assert set(convert_parameters(device, request)) <= set(command.parameters)


def test_several_things_are_said_at_once_with_what_would_work() -> None:
    request = CommandRequest(
        command="charge",
        parameters={
            "target": ParameterValue(value=101, unit="percent"),
            "power": ParameterValue(value=3, unit="amps"),
            "wings": ParameterValue(value=2),
        },
        on_conflict=OnConflict.QUEUE_AFTER,
    )
    objections = find_objections(battery(["windowed"]), request)
    assert [(each.key, each.supported) for each in objections] == [
        ("execution_not_supported", ("windowed",)),
        ("on_conflict_not_supported", ("fail",)),
        ("parameter_out_of_range", ()),
        ("unit_not_supported", ("kw",)),
        ("parameter_not_supported", ("power", "reserve", "target")),
    ]
    assert objections[2].placeholders == {
        "parameter": "target",
        "value": "101",
        "min": "10",
        "max": "100",
        "unit": "percent",
    }


@pytest.mark.parametrize(
    ("command", "setpoints", "expected"),
    [
        ("heat", {"target": 21}, []),
        ("heat", {}, ["parameter_missing"]),
        ("heat", {"heat_setpoint": 21}, ["parameter_missing", "parameter_not_supported"]),
        ("heat", {"target": 36}, ["parameter_out_of_range"]),
        ("auto", {"heat_setpoint": 20, "cool_setpoint": 25}, []),
        ("auto", {"heat_setpoint": 25, "cool_setpoint": 25}, ["setpoints_not_ascending"]),
        ("auto", {"heat_setpoint": 25}, ["parameter_missing"]),
        ("auto", {"target": 25}, ["parameter_missing", "parameter_missing", "parameter_not_supported"]),
        (
            "auto",
            {"heat_setpoint": 40, "cool_setpoint": 5},
            ["setpoints_not_ascending", *["parameter_out_of_range"] * 2],
        ),
    ],
)
def test_a_thermostat_needs_all_setpoints_of_its_mode(
    command: str, setpoints: dict[str, float], expected: list[str]
) -> None:
    parameters = {name: ParameterValue(value=value, unit="celsius") for name, value in setpoints.items()}
    objections = find_objections(hvac(), CommandRequest(command=command, parameters=parameters))
    assert [each.key for each in objections] == expected


def test_wire_names_are_those_that_the_device_declares() -> None:
    setpoints = {
        "heat_setpoint": ParameterValue(value=20, unit="celsius"),
        "cool_setpoint": ParameterValue(value=25),
    }
    payload = build_payload(hvac(), CommandRequest(command="auto", parameters=setpoints))
    assert set(payload.parameters) == {"heatSetpoint", "coolSetpoint"}
    assert build_payload(battery(), CommandRequest(command="auto_balanced")).command == "auto.balanced"
    payload = build_payload(charger(), CommandRequest(command="charge", on_conflict=OnConflict.CANCEL_AND_REPLACE))
    assert (payload.command, payload.parameters, payload.start, payload.end) == ("charge", {}, None, None)
    assert payload.on_conflict == "cancel_and_replace"
