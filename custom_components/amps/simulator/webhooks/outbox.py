"""What is to be told to webhooks and when (api §12); somebody else carries it.

A message follows from the end of an action or from an event of a device. `due` hands out what is to be sent at an
instant, `settle` is told what became of it. Nothing here waits: between two instants the outbox is plain data.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush

from ..home.actions import Action, State
from ..home.home import Home
from ..identifiers import fingerprint, token
from ..wire import JSONObject, encode, iso, milliseconds
from .webhook import Webhook

_KEPT = 1_000
_ID_LENGTH = 16
_LONGEST_HOLD = timedelta(minutes=1)
"""How long a message that is to be sent after the next one waits for it."""
_SUCCESS = range(200, 300)
_ACTION_MEMBERS = ("deviceId", "deviceType", "command", "parameters", "result", "completedAt")
_FAILURE_MEMBERS = ("errorCode", "errorMessage")


class Event(StrEnum):
    """What webhooks are told (api §12.2)."""

    PUSH_COMPLETED = "push.completed"
    PUSH_FAILED = "push.failed"
    DEVICE_CONNECTED = "device.connected"
    DEVICE_DISCONNECTED = "device.disconnected"
    DEVICE_RECONNECTED = "device.reconnected"


_ENDS: Mapping[State, Event] = {State.COMPLETED: Event.PUSH_COMPLETED, State.FAILED: Event.PUSH_FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one webhook, until it has arrived or was given up; `number` is its place among those due."""

    number: int
    message: str
    webhook: str
    event: Event
    body: bytes
    due: datetime
    attempt: int = 1
    stale: float = 0.0
    forged: bool = False
    held: bool = False

    def waits_for(self, other: Letter) -> bool:
        """Tell whether it is to be sent after another message, if that is due before it has waited long enough."""
        return self.held and self.webhook == other.webhook and other.due < self.due

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "id": self.message,
            "webhookId": self.webhook,
            "event": self.event,
            "attempt": self.attempt,
            "dueAt": iso(self.due),
            "body": self.body.decode(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt: what to POST where, and how many seconds there are for the answer."""

    letter: Letter
    url: str
    headers: Mapping[str, str]
    timeout: float

    @property
    def body(self) -> bytes:
        """Return what was signed."""
        return self.letter.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """What an outbox holds: webhooks, letters, and how many there ever were of either."""

    webhooks: tuple[Webhook, ...] = ()
    letters: tuple[Letter, ...] = ()
    made: int = 0
    written: int = 0


class Outbox:
    """The webhooks of an account, and what they are yet to be told."""

    def __init__(self, seed: str, tray: Tray) -> None:
        """Go on with what it held."""
        self._seed = seed
        self._webhooks = {webhook.id: webhook for webhook in tray.webhooks}
        self._made = max(tray.made, len(self._webhooks))
        self._letters = {letter.number: letter for letter in tray.letters if letter.webhook in self._webhooks}
        self._sent: set[int] = set()
        self._written = max(tray.written, *self._letters, 0)
        self._ends: list[tuple[datetime, str]] = []
        self._log: deque[JSONObject] = deque(maxlen=_KEPT)

    @property
    def tray(self) -> Tray:
        """Return what it holds; what is on its way now may not arrive, and so is still in it."""
        return Tray(
            webhooks=tuple(self._webhooks.values()),
            letters=tuple(self._letters.values()),
            made=self._made,
            written=self._written,
        )

    def webhooks(self) -> Iterator[Webhook]:
        """Yield whom to tell."""
        yield from self._webhooks.values()

    def webhook(self, webhook_id: str) -> Webhook | None:
        """Return a webhook unless there is none."""
        return self._webhooks.get(webhook_id)

    def next_webhook_id(self) -> str:
        """Return the id for a new webhook."""
        self._made += 1
        return f"webhook_{self._made}"

    def put(self, webhook: Webhook) -> None:
        """Take a webhook in, or in the place of the one that had its id."""
        self._webhooks[webhook.id] = webhook

    def remove(self, webhook_id: str) -> bool:
        """Forget a webhook and what it was to be told; tell whether it was there."""
        self._letters = {number: letter for number, letter in self._letters.items() if letter.webhook != webhook_id}
        self._sent &= self._letters.keys()
        return self._webhooks.pop(webhook_id, None) is not None

    def expect(self, action: Action) -> None:
        """Note when an action ends."""
        heappush(self._ends, (action.finishes, action.id))

    def collect(self, home: Home, now: datetime) -> None:
        """Write what has to be told of the actions that have ended, unless they were cancelled meanwhile."""
        while self._ends and self._ends[0][0] <= now:
            _, action_id = heappop(self._ends)
            action = home.action(action_id)
            status = None if action is None else action.status(now)
            if action is None or status is None or status.finished is None or status.state not in _ENDS:
                continue
            event = _ENDS[status.state]
            members = _ACTION_MEMBERS if event is Event.PUSH_COMPLETED else (*_ACTION_MEMBERS, *_FAILURE_MEMBERS)
            document = action.document(now)
            self.tell(event, {"actionId": action.id, **{name: document[name] for name in members}}, status.finished)

    def tell(self, event: Event, body: JSONObject, at: datetime) -> None:
        """Write a message to every webhook."""
        for webhook in self._webhooks.values():
            self._write(webhook, event, encode(body), at)
            self._webhooks[webhook.id] = webhook.told()

    def due(self, now: datetime) -> list[Delivery]:
        """Hand out what is to be sent by an instant, each once, in the order in which it is to be sent."""
        waiting = (letter for letter in self._letters.values() if letter.due <= now and letter.number not in self._sent)
        letters = sorted(waiting, key=lambda letter: (letter.due, letter.number))
        self._sent.update(letter.number for letter in letters)
        return [self._delivery(letter, now) for letter in letters]

    def next_due(self) -> datetime | None:
        """Return when there is something to send next, nothing while that is not known."""
        instants = [letter.due for letter in self._letters.values() if letter.number not in self._sent]
        if self._ends and self._webhooks:
            instants.append(self._ends[0][0])
        return min(instants, default=None)

    def settle(self, delivery: Delivery, now: datetime, status: int | None) -> None:
        """Take note of the status that came back, None when there was no answer; what did not arrive is repeated."""
        letter = delivery.letter
        if self._letters.get(letter.number) is not letter:
            return  # everything, or its webhook, was forgotten while it was on its way
        del self._letters[letter.number]
        self._sent.discard(letter.number)
        arrived = status in _SUCCESS
        self._log.append(
            {
                **letter.document(),
                "at": iso(now),
                "url": delivery.url,
                "headers": dict(delivery.headers),
                "status": status,
                "arrived": arrived,
            }
        )
        retries = self._webhooks[letter.webhook].retries
        if not arrived and letter.attempt <= len(retries):
            due = now + timedelta(seconds=retries[letter.attempt - 1])
            self._letters[letter.number] = replace(letter, attempt=letter.attempt + 1, due=due, held=False)

    def pending(self) -> list[JSONObject]:
        """Return what is yet to arrive, as the control surface shows it."""
        return [letter.document() for letter in self._letters.values()]

    def log(self) -> list[JSONObject]:
        """Return the latest attempts, the oldest first."""
        return list(self._log)

    def clear_log(self) -> None:
        """Forget the attempts."""
        self._log.clear()

    def _write(self, webhook: Webhook, event: Event, body: bytes, at: datetime) -> None:
        mischief = webhook.mischief
        number = self._next_number()
        letter = Letter(
            number=number,
            message=f"msg_{token(fingerprint('message', self._seed, str(number), str(milliseconds(at))), _ID_LENGTH)}",
            webhook=webhook.id,
            event=event,
            body=body,
            due=at + timedelta(seconds=mischief.delay),
            stale=mischief.stale,
            forged=mischief.forged,
        )
        waiting = [other for other in self._letters.values() if other.waits_for(letter)]
        if mischief.reorder and not waiting:
            letter = replace(letter, due=letter.due + _LONGEST_HOLD, held=True)
        copies = [replace(letter, number=self._next_number()) for _ in range(mischief.duplicates)]
        released = [replace(other, number=self._next_number(), due=letter.due, held=False) for other in waiting]
        for other in waiting:
            del self._letters[other.number]
        self._letters.update({posted.number: posted for posted in (letter, *copies, *released)})

    def _next_number(self) -> int:
        self._written += 1
        return self._written

    def _delivery(self, letter: Letter, now: datetime) -> Delivery:
        webhook = self._webhooks[letter.webhook]
        headers = webhook.headers(letter.message, letter.body, now, stale=letter.stale, forged=letter.forged)
        return Delivery(letter=letter, url=webhook.url, headers=headers, timeout=webhook.timeout)
