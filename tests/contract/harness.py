"""The access of the contract suite to any implementation of the Amps service: raw JSON by method, path and headers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
from typing import Any, override

import aiohttp
from yarl import URL

from custom_components.amps.simulator import Request, Simulator

START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
KEY = "sk_test_contract"
LIVE_KEY = "sk_live_contract"

type Document = dict[str, Any]
type Query = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """One answer of the service."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def document(self) -> Document:
        """The body, where it is JSON."""
        document: Document = json.loads(self.raw)
        return document

    @property
    def data(self) -> Document:
        """The `data` of a success."""
        assert self.document["success"] is True, self.document
        data: Document = self.document["data"]
        return data

    @property
    def error(self) -> Document:
        """The `error` of a failure."""
        assert self.document["success"] is False, self.document
        error: Document = self.document["error"]
        return error

    @property
    def failure(self) -> tuple[int, str, object]:
        """Status, code and details of a failure, all that a client may depend on."""
        return self.status, self.error["code"], self.error.get("details")


@dataclass(kw_only=True)
class Api(ABC):
    """The service, with the requests that many tests make."""

    headers: Mapping[str, str] = field(default_factory=lambda: {"x-api-key": KEY})

    @abstractmethod
    async def send(
        self, method: str, path: str, *, query: Query = (), headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> ApiResponse:
        """Send a raw request."""

    async def get(self, path: str, **query: str | int) -> ApiResponse:
        """Read."""
        return await self.send(
            "GET", path, query={name: str(value) for name, value in query.items()}, headers=self.headers
        )

    async def post(self, path: str, document: object = None) -> ApiResponse:
        """Write a document, or nothing."""
        if document is None:
            return await self.send("POST", path, headers=self.headers)
        headers = {**self.headers, "Content-Type": "application/json"}
        return await self.send("POST", path, headers=headers, body=json.dumps(document).encode())

    async def push(self, device: Document, command: str, **members: object) -> ApiResponse:
        """Push a command; other members belong to the action, except the two that belong to the body."""
        body: Document = {"action": {"command": command}}
        for name, value in members.items():
            (body if name in ("onConflict", "sandbox") else body["action"])[name] = value
        return await self.post(self.path(device), body)

    async def read(self, device: Document) -> Document:
        """Read a device by itself."""
        return (await self.get(self.path(device))).data

    async def state(self, device: Document) -> Document:
        """Read the state of a device."""
        state: Document = (await self.read(device))["state"]
        return state

    async def action(self, action_id: str) -> Document:
        """Read an action."""
        return (await self.get(f"/actions/{action_id}")).data

    async def devices(self, segment: str) -> list[Document]:
        """List the devices of a type."""
        items: list[Document] = (await self.get(f"/{segment}", limit=50)).data["items"]
        return [{**item, "segment": segment} for item in items]

    async def device(self, segment: str, index: int = 0) -> Document:
        """Return one device of a type."""
        return (await self.devices(segment))[index]

    async def advance(self, **span: float) -> None:
        """Advance the clock, with the arguments of `timedelta`."""
        await self.set_clock(advance=timedelta(**span).total_seconds())

    async def set_clock(self, **members: object) -> None:
        """Change the clock."""
        answer = await self.post("/_simulator/clock", members)
        assert answer.status == 200, answer.document

    async def fault(self, code: str, **members: object) -> Document:
        """Add a fault of kind `error`."""
        return await self.add_fault("error", None, code=code, **members)

    async def add_fault(self, kind: str, device: Document | None = None, **members: object) -> Document:
        """Add a fault of any kind, for one device or for all."""
        match = {} if device is None else {"match": {"deviceId": device["id"]}}
        return (await self.post("/_simulator/faults", {"kind": kind, **match, **members})).data

    @staticmethod
    def path(device: Document) -> str:
        """Return the path of a device."""
        return f"/{device['segment']}/{device['id']}"


@dataclass(kw_only=True)
class InProcess(Api):
    """The simulator itself."""

    simulator: Simulator

    @override
    async def send(
        self, method: str, path: str, *, query: Query = (), headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> ApiResponse:
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        names = [name for name, _ in pairs]
        response = self.simulator.handle(
            Request(
                method=method,
                path=path,
                query=dict(pairs),
                headers=headers or {},
                body=body,
                repeated=frozenset(name for name in names if names.count(name) > 1),
            )
        )
        return ApiResponse(
            status=response.status,
            headers=response.headers,
            raw=response.body,
        )


@dataclass(kw_only=True)
class OverHttp(Api):
    """A server on this machine."""

    session: aiohttp.ClientSession
    url: str

    @override
    async def send(
        self, method: str, path: str, *, query: Query = (), headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> ApiResponse:
        url = URL(self.url).with_path(path).with_query(query)
        headers = {"Content-Type": "", **(headers or {})} if not body else headers
        async with self.session.request(method, url, headers=headers, data=body or None) as response:
            raw = await response.read()
            return ApiResponse(
                status=response.status,
                headers=response.headers,
                raw=raw,
            )


def percent(value: float) -> Document:
    """Return a Quantity in percent."""
    return {"value": value, "unit": "percent"}


def kilowatts(value: float) -> Document:
    """Return a Quantity in kW."""
    return {"value": value, "unit": "kw"}


def celsius(value: float) -> Document:
    """Return a Quantity in °C."""
    return {"value": value, "unit": "celsius"}


def iso(instant: datetime) -> str:
    """Write an instant as the API does."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def wall_clock(instant: datetime) -> str:
    """Write an instant as the wall clock of a plant in London in June."""
    return (instant + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")


def issue_paths(answer: ApiResponse) -> list[str]:
    """Return where a malformed request is wrong, sorted: the API fixes no order."""
    status, code, details = answer.failure
    assert (status, code) == (400, "VALIDATION_ERROR")
    assert isinstance(details, dict)
    assert list(details) == ["issues"]
    issues = details["issues"]
    assert all(list(issue) == ["path", "message"] and issue["message"] for issue in issues)
    return sorted(issue["path"] for issue in issues)
