"""API keys (api §1.2, §8.1)."""

import pytest

from .harness import KEY, LIVE_KEY, Api

_BATTERIES = "/battery"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "sk_test_abcd"},
        {"X-API-Key": "sk_test_abcd"},
        {"x-api-key": "amps_sk_test_0123456789abcdefghijklmn"},
        {"x-api-key": "sk_test_with-dash_and_underscore"},
        {"Authorization": "Bearer sk_test_abcd"},
        {"authorization": "bearer amps_sk_test_abcd"},
        {"x-api-key": "sk_test_abcd", "Authorization": "Bearer nonsense"},
    ],
)
async def test_sandbox_key_is_accepted_in_either_header(api: Api, headers: dict[str, str]) -> None:
    answer = await api.send("GET", _BATTERIES, headers=headers)
    assert answer.status == 200
    assert answer.document["meta"]["environment"] == "sandbox"


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-api-key": ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic c2tfdGVzdF9hYmNk"}],
)
async def test_no_key_is_unauthorized(api: Api, headers: dict[str, str]) -> None:
    answer = await api.send("GET", _BATTERIES, headers=headers)
    assert answer.failure == (401, "UNAUTHORIZED", None)


@pytest.mark.parametrize(
    "key",
    ["nonsense", "sk_test_", "sk_test_abc", "sk_sandbox_abcdef", "SK_TEST_abcdef", "sk_test_ab cd", "xsk_test_abcdef"],
)
async def test_malformed_key_is_invalid(api: Api, key: str) -> None:
    answer = await api.send("GET", _BATTERIES, headers={"x-api-key": key})
    assert answer.failure == (401, "INVALID_API_KEY", None)


@pytest.mark.parametrize("key", ["sk_live_abcdef", "amps_sk_live_abcdef"])
async def test_live_key_selects_live_unless_the_account_has_no_access(api: Api, key: str) -> None:
    answer = await api.send("GET", _BATTERIES, headers={"x-api-key": key})
    assert answer.document["meta"]["environment"] == "live"
    assert (await api.post("/_simulator/live", {"enabled": False})).data["enabled"] is False
    for path in (_BATTERIES, "/nowhere"):
        answer = await api.send("GET", path, headers={"x-api-key": key})
        assert answer.failure == (403, "LIVE_ACCESS_DISABLED", None)
    assert (await api.get(_BATTERIES)).status == 200
    await api.post("/_simulator/live", {"enabled": True})
    assert (await api.send("GET", _BATTERIES, headers={"x-api-key": key})).status == 200


@pytest.mark.parametrize("key", [KEY, LIVE_KEY])
@pytest.mark.parametrize(
    ("state", "code"),
    [("revoked", "INVALID_API_KEY"), ("expired", "EXPIRED_TOKEN"), ("unauthorized", "UNAUTHORIZED")],
)
async def test_invalid_key_is_refused_until_it_is_valid_again(api: Api, key: str, state: str, code: str) -> None:
    api.headers = {"x-api-key": key}
    await api.post("/_simulator/keys", {"key": key, "state": state})
    for _ in range(2):
        assert (await api.get(_BATTERIES)).failure == (401, code, None)
    other = await api.send("GET", _BATTERIES, headers={"x-api-key": "sk_test_another"})
    assert other.status == 200
    await api.post("/_simulator/keys", {"key": key, "state": "active"})
    assert (await api.get(_BATTERIES)).status == 200


async def test_key_without_permission_reads_and_does_not_write(api: Api) -> None:
    battery = await api.device("battery")
    await api.post("/_simulator/keys", {"key": KEY, "state": "read_only"})
    assert (await api.get(api.path(battery))).status == 200
    for path, body in (
        (api.path(battery), {"action": {"command": "idle"}}),
        (f"{api.path(battery)}/settings", {"discharge_floor": {"value": 20, "unit": "percent"}}),
        ("/actions/action_x/cancel", None),
    ):
        assert (await api.post(path, body)).failure == (403, "INSUFFICIENT_PERMISSIONS", None)
    assert (await api.read(battery))["lastAction"] is None


async def test_key_is_checked_first(api: Api) -> None:
    for method, path in (("GET", "/nowhere"), ("POST", "/battery/device_x"), ("GET", "/battery/device_x/schedule")):
        answer = await api.send(method, path, body=b"{")
        assert answer.failure == (401, "UNAUTHORIZED", None)
