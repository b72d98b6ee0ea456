"""The client: one method for each request of the API."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from urllib.parse import quote

from aiohttp import hdrs
import orjson

from .envelope import ApiResponse, parse_response
from .errors import AmpsError, AmpsUnexpectedAnswerError
from .json import BodyParser, JsonObject, JsonValue, parse_json
from .models import DEVICE_CLASSES, Action, AnyDevice, Quantity
from .models.lenient import read_model
from .names import read_id
from .reading import Reading
from .transport import Request, Transport

JSON: Final = "application/json"
PAGE_SIZE: Final = 50
"""The maximum number of items of a page (api §2.2)."""
MAX_PAGES: Final = 400
"""The maximum number of pages of a list that are read (design §4)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ListPage:
    """All items of a list, raw: an item that is known already need not be parsed again."""

    items: list[JsonValue]
    """Of two items with the same id, the later one is newer."""
    answer: ApiResponse
    """That of the first page: its environment and time apply to all items."""
    has_more: bool = False
    total: int | None = None
    """The number of items of the list; None where its page does not have it."""
    span: timedelta = timedelta(0)
    """The time from the first page to the last one, by the service's clock."""

    @property
    def device_ids(self) -> list[str]:
        """The ids of all items that have one."""
        ids = (read_id(item.get("id")) for item in self.items if isinstance(item, dict))
        return [id_ for id_ in ids if id_ is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPayload:
    """A command as it is sent: wire names, quantities in the declared units (api §6.1)."""

    command: str
    parameters: Mapping[str, Quantity] = field(default_factory=dict)
    start: str | None = None
    """Local time of the plant, `YYYY-MM-DDTHH:MM:SS`, or a duration from now such as `1.5h` (api §6.3)."""
    end: str | None = None
    """Local time of the plant; only with a start."""
    on_conflict: str | None = None

    def as_body(self) -> JsonObject:
        """Return the body of the request."""
        action: JsonObject = {"command": self.command}
        if self.parameters:
            action["parameters"] = _quantities(self.parameters)
        if self.start is not None:
            action["start"] = self.start
        if self.end is not None:
            action["end"] = self.end
        return {"action": action} if self.on_conflict is None else {"action": action, "onConflict": self.on_conflict}


def _quantities(values: Mapping[str, Quantity]) -> JsonObject:
    return {name: quantity.model_dump() for name, quantity in values.items()}


class AmpsClient:
    """Sends requests with one key, for one end user or for all of the customer's."""

    def __init__(
        self,
        transport: Transport,
        api_key: str,
        *,
        user_id: str | None = None,
        host_time: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Send nothing yet; `host_time` is used where an answer has no time of its own."""
        self.transport = transport
        self._host_time = host_time
        self._headers = {hdrs.ACCEPT: JSON, "x-api-key": api_key}
        self._headers_with_body = {**self._headers, hdrs.CONTENT_TYPE: JSON}
        self._user: Mapping[str, str] = {"userId": user_id} if user_id else {}
        self._first_pages = {each: self._page_request(f"/{each.path}", self._user, offset=0) for each in DEVICE_CLASSES}
        """Built once, since they are sent at every poll."""
        self._first_parsers = {each: BodyParser() for each in DEVICE_CLASSES}
        """Nothing is parsed again of a first page that repeats the last; of most accounts there are no others."""

    def with_transport(self, transport: Transport) -> Self:
        """Return the same client with another transport."""
        other = copy(self)
        other.transport = transport
        return other

    async def list_devices(self, device_class: type[AnyDevice], known: Sequence[JsonValue] = ()) -> ListPage:
        """Return every device of a type as Amps last knew it; this never reaches a manufacturer (api §4.2, §10).

        Items that equal the known ones at their places are replaced by them, so that these are in memory once.
        """
        first = page = await self.check(device_class)
        _reuse_known(first.items, known)
        if not first.has_more:
            return first
        path = f"/{device_class.path}"
        items, ids = list(first.items), set(first.device_ids)
        pages, total = 1, first.total
        while page.has_more:
            page = await self._page(self._page_request(path, self._user, offset=len(items)))
            _reuse_known(page.items, known[len(items) : len(items) + PAGE_SIZE])
            items += page.items
            pages, total = pages + 1, max(filter(None, (total, page.total)), default=None)
            # A page may repeat items that moved while the pages were read; one with nothing else would repeat for ever.
            is_endless = (
                pages >= MAX_PAGES or ids.issuperset(page.device_ids) or (total is not None and len(items) > total)
            )
            if page.has_more and is_endless:
                msg = f"the list {path} has no end"
                raise AmpsUnexpectedAnswerError(msg)
            ids.update(page.device_ids)
        return ListPage(items, first.answer, span=page.answer.served_at - first.answer.served_at)

    async def check(self, device_class: type[AnyDevice]) -> ListPage:
        """Return one page of a list: the cheapest request that shows whether the key is accepted (api §3)."""
        return await self._page(self._first_pages[device_class], self._first_parsers[device_class].parse)

    async def read_device[DeviceT: AnyDevice](
        self, device_class: type[DeviceT], device_id: str, *, expedite: bool = False
    ) -> Reading[DeviceT]:
        """Return a single reading, the only one that has settings and may reach the manufacturer (api §4.2, §10).

        In live it is at most 15 minutes old, 1 minute if expedited, unless it is a fallback.
        """
        query = {"expedite": "true"} if expedite else {}
        answer = await self._request("GET", _path(device_class.path, device_id), query=query)
        device = read_model(device_class, answer.data)
        _check_id(device.id, device_id)
        return Reading(device=device, raw=answer.data, served_at=answer.served_at)

    async def send_command(self, device: AnyDevice, payload: CommandPayload) -> Action:
        """Send a command to a device and return its action (api §6.2).

        It is never sent twice: without an answer it is unknown whether it was carried out (api §15.1 #10).
        """
        answer = await self._request("POST", _path(device.path, device.id), body=payload.as_body())
        return read_model(Action, answer.data)

    async def write_settings(self, device: AnyDevice, settings: Mapping[str, Quantity]) -> tuple[str, ...]:
        """Write settings by their wire names, all or none, and return the names of those written (api §7).

        Raises AmpsUnexpectedAnswerError for an answer that does not say: whether they were written has to be read.
        """
        answer = await self._request("POST", _path(device.path, device.id, "settings"), body=_quantities(settings))
        updated = answer.data.get("updated")
        if not isinstance(updated, list):
            msg = "the answer does not say which settings were written"
            raise AmpsUnexpectedAnswerError(msg)
        return tuple(name for name in updated if isinstance(name, str))

    async def read_action(self, action_id: str) -> Action:
        """Return an action in its present state (api §6.5)."""
        answer = await self._request("GET", _path("actions", action_id))
        return _action_of(answer, action_id)

    async def list_actions(
        self, *, device_id: str | None = None, device_type: str | None = None, state: str | None = None, limit: int
    ) -> list[Action]:
        """Return the newest actions, at most `limit`, newest first (api §3.1, §6.5)."""
        filters = {"deviceId": device_id, "deviceType": device_type, "state": state}
        query = {**self._user, **{name: value for name, value in filters.items() if value is not None}}
        items: list[JsonValue] = []
        while len(items) < limit:
            size = min(PAGE_SIZE, limit - len(items))
            page = await self._page(self._page_request("/actions", query, offset=len(items), limit=size))
            items += page.items[:size]
            if not page.has_more:
                break
        return [action for item in items if (action := _action(item)) is not None]

    async def cancel_action(self, action_id: str) -> Action:
        """Cancel an action that is still scheduled; any other raises AmpsConflictError (api §6.6)."""
        answer = await self._request("POST", _path("actions", action_id, "cancel"))
        return _action_of(answer, action_id)

    def _page_request(self, path: str, query: Mapping[str, str], *, offset: int, limit: int = PAGE_SIZE) -> Request:
        query = {**query, "limit": str(limit), "offset": str(offset)}
        return Request(method="GET", path=path, query=query, headers=self._headers)

    async def _page(self, request: Request, parse: Callable[[bytes], JsonValue] = parse_json) -> ListPage:
        answer = parse_response(await self.transport.send(request), self._host_time, parse)
        items, pagination = answer.data.get("items"), answer.data.get("pagination")
        if not isinstance(items, list) or len(items) > MAX_PAGES * PAGE_SIZE:
            msg = f"the list {request.path} has no items, or too many"
            raise AmpsUnexpectedAnswerError(msg)
        # An empty page is the last one, whatever its `hasMore` is (api §2.2).
        if not items or (isinstance(pagination, dict) and pagination.get("hasMore") is False):
            return ListPage(items, answer)
        end, is_full = int(request.query["offset"]) + len(items), len(items) >= int(request.query["limit"])
        has_more, total = _read_pagination(pagination, end, is_full=is_full)
        return ListPage(items, answer, has_more=has_more, total=total)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, JsonValue] | None = None,
    ) -> ApiResponse:
        response = await self.transport.send(
            Request(
                method=method,
                path=path,
                query=query or {},
                headers=self._headers if body is None else self._headers_with_body,
                body=None if body is None else orjson.dumps(body),
            )
        )
        return parse_response(response, self._host_time)


def _read_pagination(pagination: JsonValue, end: int, *, is_full: bool) -> tuple[bool, int | None]:
    """Return whether there are items after the end of a page, and how many the list has, None if unknown.

    A total that is less than what the page itself shows is ignored. Without `hasMore` the total decides whether another
    page follows, without that whether this one is full.
    """
    fields = pagination if isinstance(pagination, dict) else {}
    has_more, total = fields.get("hasMore"), fields.get("total")
    total = total if isinstance(total, int) and not isinstance(total, bool) and total >= end else None
    if isinstance(has_more, bool):
        return has_more, total
    return is_full if total is None else total > end, total


def _reuse_known(items: list[JsonValue], known: Sequence[JsonValue]) -> None:
    """Replace the items of a page that equal the known ones at their places."""
    for place, (item, before) in enumerate(zip(items, known, strict=False)):
        if item is not before and item == before:
            items[place] = before


def _action(item: JsonValue) -> Action | None:
    """Return an action of a list, None if it cannot be read: the others are still returned."""
    try:
        return read_model(Action, item) if isinstance(item, dict) else None
    except AmpsUnexpectedAnswerError:
        return None


def _action_of(answer: ApiResponse, action_id: str) -> Action:
    """Return the requested action."""
    action = read_model(Action, answer.data)
    _check_id(action.id, action_id)
    return action


def _check_id(id_: str, requested: str) -> None:
    """Raise AmpsUnexpectedAnswerError when an answer has another id than the requested one."""
    if id_ != requested:
        msg = "the answer is about something else than was requested"
        raise AmpsUnexpectedAnswerError(msg)


def _path(*segments: str) -> str:
    """Return a path; ids are opaque and may contain anything (api §0.2), but must not lead to another path.

    Raises AmpsError for a segment that is no id.
    """
    if any(read_id(segment) is None for segment in segments):
        msg = "what has no id cannot be requested"
        raise AmpsError(msg)
    return "/" + "/".join(quote(segment, safe="") for segment in segments)
