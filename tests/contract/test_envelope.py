"""Every answer comes in the envelope (api §2)."""

import re

import pytest

from .harness import KEY, Api, issue_paths

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


async def test_success_has_data_and_meta(api: Api) -> None:
    answer = await api.get("/battery", limit=1)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert list(answer.document) == ["success", "data", "meta"]
    meta = answer.document["meta"]
    assert list(meta) == ["requestId", "environment", "timestamp", "latencyMs"]
    assert re.fullmatch(r"req_[A-Za-z0-9]{8}", meta["requestId"])
    assert meta["environment"] == "sandbox"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", meta["timestamp"])
    assert isinstance(meta["latencyMs"], int)


async def test_timestamp_is_the_instant_of_the_answer(api: Api) -> None:
    await api.advance(milliseconds=1)
    for path in ("/battery", "/battery/device_nobody"):
        assert (await api.get(path)).document["meta"]["timestamp"] == "2026-06-14T08:15:30.001Z"


async def test_failure_has_error_and_meta_with_path_and_without_environment(api: Api) -> None:
    answer = await api.get("/battery/device_nobody")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("application/json")
    assert list(answer.document) == ["success", "error", "meta"]
    assert answer.document["success"] is False
    assert answer.error["code"] == "DEVICE_NOT_FOUND"
    assert answer.error["message"]
    meta = answer.document["meta"]
    assert list(meta) == ["requestId", "timestamp", "path", "latencyMs"]
    assert meta["path"] == "/battery/device_nobody"


async def test_requests_have_ids_of_their_own(api: Api) -> None:
    ids = {(await api.get(f"/{segment}")).document["meta"]["requestId"] for segment in _SEGMENTS}
    ids |= {(await api.get("/battery", limit=limit)).document["meta"]["requestId"] for limit in (1, 2)}
    await api.advance(milliseconds=1)
    ids.add((await api.get("/battery")).document["meta"]["requestId"])
    assert len(ids) == 8


@pytest.mark.parametrize("segment", [*_SEGMENTS, "actions"])
async def test_list_has_items_and_pagination(api: Api, segment: str) -> None:
    data = (await api.get(f"/{segment}")).data
    assert list(data) == ["items", "pagination"]
    assert list(data["pagination"]) == ["limit", "offset", "total", "hasMore"]
    pagination = data["pagination"]
    assert (pagination["limit"], pagination["offset"]) == (10, 0)
    assert len(data["items"]) == min(10, pagination["total"])
    assert pagination["hasMore"] is (pagination["total"] > 10)


async def test_pages_join_to_the_whole_list(api: Api) -> None:
    whole = (await api.get("/battery")).data["items"]
    pages = [(await api.get("/battery", limit=1, offset=offset)).data for offset in range(4)]
    assert [item for page in pages for item in page["items"]] == whole
    assert [page["pagination"]["hasMore"] for page in pages] == [True, True, False, False]
    assert {page["pagination"]["total"] for page in pages} == {3}
    assert pages[3]["items"] == []


async def test_page_may_hold_up_to_50(api: Api) -> None:
    assert (await api.get("/battery", limit=50)).data["pagination"]["limit"] == 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "51"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", "1.5"),
        ("limit", ""),
        ("limit", "9" * 40),
        ("limit", "\u0663"),
        ("offset", "-1"),
        ("offset", "x"),
        ("offset", "1e3"),
    ],
)
async def test_invalid_paging_is_refused(api: Api, name: str, value: str) -> None:
    assert issue_paths(await api.get("/battery", **{name: value})) == [name]


@pytest.mark.parametrize("segment", [*_SEGMENTS, "actions"])
async def test_every_list_knows_its_query_parameters_and_no_others(api: Api, segment: str) -> None:
    for name, value in (("limit", "0"), ("offset", "-1"), ("page", "2"), ("expedite", "true")):
        assert issue_paths(await api.get(f"/{segment}", **{name: value})) == [name]


async def test_all_bad_query_parameters_are_named_at_once(api: Api) -> None:
    assert sorted(issue_paths(await api.get("/battery", limit=0, offset=-1, colour="red"))) == [
        "colour",
        "limit",
        "offset",
    ]


async def test_repeated_query_parameter_is_refused(api: Api) -> None:
    answer = await api.send("GET", "/battery", query=[("limit", "1"), ("limit", "2")], headers=api.headers)
    assert issue_paths(answer) == ["limit"]


@pytest.mark.parametrize("value", ["true", "false"])
async def test_expedite_changes_nothing_in_the_sandbox(api: Api, value: str) -> None:
    battery = await api.device("battery")
    plain = (await api.get(api.path(battery))).data
    assert (await api.get(api.path(battery), expedite=value)).data == plain


async def test_expedite_is_true_or_false(api: Api) -> None:
    battery = await api.device("battery")
    assert issue_paths(await api.get(api.path(battery), expedite="yes")) == ["expedite"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/users",
        "/devices",
        "/battery/",
        "/ev_charger",
        "/solar_inverter",
        "/battery/x/y/z",
        "/battery/x/actions",
        "/schedules/sched_1",
        "/v1/battery",
        "//battery",
        "/bättery",
        "/battery\n/x",
    ],
)
async def test_unknown_path_is_not_found(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert answer.failure == (404, "NOT_FOUND", None)
    assert answer.document["meta"]["path"] == path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/battery"),
        ("PATCH", "/battery/device_x"),
        ("PUT", "/battery/device_x"),
        ("POST", "/battery"),
        ("OPTIONS", "/battery"),
        ("DELETE", "/actions/action_x"),
        ("POST", "/actions"),
        ("GET", "/actions/action_x/cancel"),
        ("POST", "/schedules"),
        ("POST", "/hvac/device_x/settings"),
        ("POST", "/vehicle/device_x/settings"),
        ("POST", "/solar-inverter/device_x/settings"),
        ("GET", "/vehicle/device_x/schedule"),
        ("PUT", "/solar-inverter/device_x/schedule"),
    ],
)
async def test_method_that_a_path_does_not_have_is_not_found(api: Api, method: str, path: str) -> None:
    answer = await api.send(method, path, headers={"x-api-key": KEY})
    assert answer.failure == (404, "NOT_FOUND", None)


@pytest.mark.parametrize("segment", ["battery", "ev-charger", "hvac"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_schedule_of_a_device_is_not_implemented(api: Api, segment: str, method: str) -> None:
    device = await api.device(segment)
    answer = await api.send(method, f"{api.path(device)}/schedule", headers=api.headers, body=b'{"slots": []}')
    assert answer.failure == (501, "NOT_IMPLEMENTED", None)


async def test_list_of_schedules_is_not_implemented_whatever_is_asked(api: Api) -> None:
    for query in ({}, {"state": "active"}, {"state": "nonsense", "limit": "1000"}):
        answer = await api.get("/schedules", **query)
        assert answer.failure == (501, "NOT_IMPLEMENTED", None)


async def test_device_under_another_type_does_not_exist(api: Api) -> None:
    battery = await api.device("battery")
    for segment in _SEGMENTS[1:]:
        answer = await api.get(f"/{segment}/{battery['id']}")
        assert answer.failure == (404, "DEVICE_NOT_FOUND", None)


async def test_lists_can_be_restricted_to_an_end_user(api: Api) -> None:
    users = {item["userId"] for item in (await api.get("/_simulator/devices")).data["items"]}
    assert len(users) == 2
    parts = [(await api.get("/battery", userId=user)).data["items"] for user in sorted(users)]
    whole = (await api.get("/battery")).data["items"]
    assert all(parts)
    assert sorted(item["id"] for part in parts for item in part) == sorted(item["id"] for item in whole)
    assert (await api.get("/battery", userId="user_nobody")).data["items"] == []
