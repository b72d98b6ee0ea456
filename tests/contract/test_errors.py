"""The error codes of api §8.1 with their details, and which of several reasons is given (api §15.1 #11)."""

import pytest

from .harness import Api, Document, celsius, kilowatts, percent

_START, _END = "2026-06-14T22:00:00", "2026-06-14T23:00:00"
_MOVEMENT = {"deviceCapabilities": {"supportedParameters": ["target", "power", "reserve"]}}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_device_not_found(api: Api, method: str) -> None:
    body = b'{"action": {"command": "idle"}}'
    answer = await api.send(
        method, "/battery/device_nobody", headers={**api.headers, "Content-Type": "application/json"}, body=body
    )
    assert answer.failure == (404, "DEVICE_NOT_FOUND", None)


@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("POST", "/cancel")])
async def test_unknown_action_is_not_found(api: Api, method: str, suffix: str) -> None:
    answer = await api.send(method, f"/actions/action_nobody{suffix}", headers=api.headers)
    assert answer.failure == (404, "NOT_FOUND", None)


@pytest.mark.parametrize("segment", ["solar-inverter", "vehicle"])
@pytest.mark.parametrize("command", ["charge", "idle", "nonsense"])
async def test_push_to_a_read_only_type(api: Api, segment: str, command: str) -> None:
    device = await api.device(segment)
    assert (await api.push(device, command)).failure == (422, "DIRECT_ACTION_UNSUPPORTED", None)


@pytest.mark.parametrize(
    ("device", "command", "supported"),
    [
        (
            ("battery", 0),
            "nonsense",
            ["charge", "discharge", "idle", "auto.balanced", "auto.reserve", "auto.export"],
        ),
        (("battery", 2), "auto.balanced", ["charge", "discharge", "idle"]),
        (("battery", 2), "", ["charge", "discharge", "idle"]),
        (("ev-charger", 0), "discharge", ["charge", "idle"]),
        (("hvac", 0), "off", ["heat", "cool", "auto", "idle", "follow_schedule"]),
    ],
)
async def test_unsupported_mode(api: Api, device: tuple[str, int], command: str, supported: list[str]) -> None:
    answer = await api.push(await api.device(*device), command)
    assert answer.failure == (422, "UNSUPPORTED_MODE", {"deviceCapabilities": {"supportedModes": supported}})


@pytest.mark.parametrize(
    ("device", "command", "parameters", "details"),
    [
        (
            ("battery", 0),
            "charge",
            {"target": percent(80), "speed": kilowatts(1), "colour": percent(1)},
            {"unsupportedParameters": ["speed", "colour"], **_MOVEMENT},
        ),
        (
            ("battery", 2),
            "charge",
            {"power": kilowatts(1)},
            {"unsupportedParameters": ["power"], "deviceCapabilities": {"supportedParameters": ["target"]}},
        ),
        (
            ("battery", 0),
            "auto.balanced",
            {"target": percent(80)},
            {"unsupportedParameters": ["target"], "deviceCapabilities": {"supportedParameters": []}},
        ),
        (
            ("ev-charger", 0),
            "charge",
            {"power": kilowatts(7)},
            {"unsupportedParameters": ["power"], "deviceCapabilities": {"supportedParameters": []}},
        ),
        (
            ("hvac", 0),
            "heat",
            {"heatSetpoint": celsius(20)},
            {"unsupportedParameters": ["heatSetpoint"], "deviceCapabilities": {"supportedParameters": ["target"]}},
        ),
    ],
)
async def test_unsupported_parameter(
    api: Api, device: tuple[str, int], command: str, parameters: Document, details: Document
) -> None:
    answer = await api.push(await api.device(*device), command, parameters=parameters)
    assert answer.failure == (422, "UNSUPPORTED_PARAMETER", details)


@pytest.mark.parametrize(
    ("command", "name", "unit", "declared"),
    [
        (("battery", "charge"), "power", "percent", "kw"),
        (("battery", "charge"), "power", "watts", "kw"),
        (("battery", "discharge"), "target", "%", "percent"),
        (("battery", "discharge"), "reserve", "", "percent"),
        (("hvac", "heat"), "target", "fahrenheit", "celsius"),
    ],
)
async def test_unsupported_unit(api: Api, command: tuple[str, str], name: str, unit: str, declared: str) -> None:
    device = await api.device(command[0])
    answer = await api.push(device, command[1], parameters={name: {"value": 20, "unit": unit}})
    assert answer.failure == (
        422,
        "UNSUPPORTED_UNIT",
        {"parameter": name, "providedUnit": unit, "supportedUnits": [declared]},
    )


@pytest.mark.parametrize(
    ("command", "name", "quantity", "bounds"),
    [
        (("battery", "charge"), "target", percent(140), (10, 100)),
        (("battery", "charge"), "target", percent(100.001), (10, 100)),
        (("battery", "charge"), "target", percent(9.999), (10, 100)),
        (("battery", "charge"), "power", kilowatts(-1), (0, 5)),
        (("battery", "discharge"), "power", kilowatts(5.5), (0, 5)),
        (("battery", "discharge"), "reserve", percent(1e300), (0, 100)),
        (("battery", "discharge"), "reserve", percent(10**22), (0, 100)),
        (("hvac", "heat"), "target", celsius(9), (10, 35)),
        (("hvac", "cool"), "target", celsius(36), (10, 35)),
    ],
)
async def test_parameter_out_of_range(
    api: Api, command: tuple[str, str], name: str, quantity: Document, bounds: tuple[float, float]
) -> None:
    answer = await api.push(await api.device(command[0]), command[1], parameters={name: quantity})
    assert answer.failure == (
        422,
        "PARAMETER_OUT_OF_RANGE",
        {"parameter": name, "value": quantity["value"], "min": bounds[0], "max": bounds[1], "unit": quantity["unit"]},
    )


@pytest.mark.parametrize("value", [10, 100])
async def test_bounds_themselves_are_in_range(api: Api, value: int) -> None:
    answer = await api.push(await api.device("battery"), "charge", parameters={"target": percent(value)})
    assert answer.status == 202


@pytest.mark.parametrize(
    ("device", "command", "times", "execution"),
    [
        (("battery", 1), "charge", {}, ("immediate", ["windowed"])),
        (("battery", 1), "discharge", {"start": _START}, ("scheduled", ["windowed"])),
        (("battery", 0), "idle", {"start": _START, "end": _END}, ("windowed", ["immediate", "scheduled"])),
        (("battery", 0), "auto.export", {"start": _START, "end": _END}, ("windowed", ["immediate", "scheduled"])),
        (("ev-charger", 0), "idle", {"start": _START, "end": _END}, ("windowed", ["immediate", "scheduled"])),
        (("hvac", 0), "follow_schedule", {"start": _START}, ("scheduled", ["immediate"])),
        (("hvac", 0), "follow_schedule", {"end": _END}, ("windowed", ["immediate"])),
        (("hvac", 0), "follow_schedule", {"start": "nonsense"}, ("scheduled", ["immediate"])),
    ],
)
async def test_execution_not_supported(
    api: Api, device: tuple[str, int], command: str, times: Document, execution: tuple[str, list[str]]
) -> None:
    answer = await api.push(await api.device(*device), command, **times)
    assert answer.failure == (
        422,
        "EXECUTION_NOT_SUPPORTED",
        {"requestedExecution": execution[0], "supportedExecution": execution[1]},
    )


_WRONG_FROM_HERE: list[tuple[str, Document]] = [
    ("UNSUPPORTED_MODE", {"command": "dance", "onConflict": "replace"}),
    (
        "EXECUTION_NOT_SUPPORTED",
        {"command": "idle", "start": "2020-01-01T00:00:00", "end": "2020-01-01T00:00:00", "onConflict": "replace"},
    ),
    (
        "STRATEGY_NOT_SUPPORTED",
        {"parameters": {"speed": percent(1), "target": kilowatts(1000)}, "onConflict": "replace"},
    ),
    ("UNSUPPORTED_PARAMETER", {"parameters": {"speed": percent(1), "target": kilowatts(1000)}}),
    ("UNSUPPORTED_UNIT", {"parameters": {"target": percent(1000), "power": percent(1000)}}),
    ("PARAMETER_OUT_OF_RANGE", {"parameters": {"target": percent(1000)}}),
    ("START_IN_PAST", {}),
    ("CONFLICT", {"start": "2026-06-14T22:00:00"}),
]


@pytest.mark.parametrize(("code", "members"), _WRONG_FROM_HERE)
async def test_first_of_several_reasons_is_given(api: Api, code: str, members: Document) -> None:
    """Each case is wrong in all later checks as well: the time is in the past, and another action conflicts."""
    battery = await api.device("battery")
    await api.push(battery, "idle")
    body = {"command": "charge", "start": "2020-01-01T00:00:00", **members}
    answer = await api.push(battery, **body)
    assert answer.error["code"] == code


_STATUSES = {
    400: ["VALIDATION_ERROR", "UNSUPPORTED_CREDENTIAL_TYPE", "UNSUPPORTED_AUTH_PATH"],
    401: ["UNAUTHORIZED", "INVALID_API_KEY", "EXPIRED_TOKEN", "INVALID_CREDENTIALS"],
    403: ["INSUFFICIENT_PERMISSIONS", "LIVE_ACCESS_DISABLED", "INVALID_MFA_CODE", "MFA_REQUIRED", "ACCOUNT_LOCKED"],
    404: ["DEVICE_NOT_FOUND", "NOT_FOUND", "CREDENTIAL_NOT_FOUND"],
    409: ["CONFLICT", "ACTION_NOT_CANCELLABLE"],
    422: [
        *("UNSUPPORTED_MODE", "UNSUPPORTED_PARAMETER", "UNSUPPORTED_UNIT", "PARAMETER_OUT_OF_RANGE"),
        *("EXECUTION_NOT_SUPPORTED", "STRATEGY_NOT_SUPPORTED", "START_IN_PAST", "START_OUT_OF_RANGE"),
        *("INVALID_TIME_WINDOW", "DIRECT_ACTION_UNSUPPORTED", "COMMAND_NOT_SUPPORTED"),
        *("UNSUPPORTED_SETTING", "READ_ONLY_SETTING", "SETTING_OUT_OF_RANGE"),
    ],
    429: ["RATE_LIMIT_EXCEEDED"],
    500: ["INTERNAL_ERROR"],
    501: ["NOT_IMPLEMENTED"],
    503: ["SERVICE_UNAVAILABLE"],
}
"""The codes whose status is documented (api §2.4, §8)."""


@pytest.mark.parametrize(("status", "code"), [(status, code) for status, codes in _STATUSES.items() for code in codes])
async def test_every_code_has_its_status(api: Api, status: int, code: str) -> None:
    await api.fault(code, count=1)
    assert (await api.get("/battery")).failure == (status, code, None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("RATE_LIMIT_EXCEEDED", 429),
        ("RATE_LIMIT_EXCEEDED", 401),
        ("UNAUTHORIZED", 401),
        ("COMMAND_NOT_SUPPORTED", 422),
        ("INTERNAL_ERROR", 500),
        ("SERVICE_UNAVAILABLE", 503),
        ("INVALID_CREDENTIALS", 401),
        ("ACCOUNT_LOCKED", 403),
    ],
)
async def test_errors_that_the_sandbox_never_returns_can_be_provoked(api: Api, code: str, status: int) -> None:
    await api.fault(code, status=status, count=1)
    assert (await api.get("/battery")).failure == (status, code, None)
    assert (await api.get("/battery")).status == 200
