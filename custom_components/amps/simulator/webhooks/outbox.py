"""The messages to webhooks, and when each is to be sent (api §12); the caller sends them.

A message is written at the end of an action or for an event of a device. `due` returns what is to be sent at an
instant, `record_result` takes the result. Nothing here waits: between two calls the outbox is plain data.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from typing import Annotated

from ..fields import Count, Instant, Seconds, by_name, saved_as
from ..home.actions import Action, State
from ..home.home import Home
from ..identifiers import fingerprint, token
from ..wire import JSONObject, encode, iso, milliseconds
from .webhook import Webhook

_KEPT = 1_000
_ID_LENGTH = 16
_MAX_DELAY = timedelta(minutes=1)
"""How long a message that is to be sent after the next one waits for that one at most."""
_SUCCESS = range(200, 300)
_ACTION_MEMBERS = ("deviceId", "deviceType", "command", "parameters", "result", "completedAt")
_FAILURE_MEMBERS = ("errorCode", "errorMessage")


class Event(StrEnum):
    """The events of webhooks (api §12.2)."""

    PUSH_COMPLETED = "push.completed"
    PUSH_FAILED = "push.failed"
    DEVICE_CONNECTED = "device.connected"
    DEVICE_DISCONNECTED = "device.disconnected"
    DEVICE_RECONNECTED = "device.reconnected"


_ENDS: Mapping[State, Event] = {State.COMPLETED: Event.PUSH_COMPLETED, State.FAILED: Event.PUSH_FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one webhook until it is delivered or given up; `number` orders those due at one instant."""

    number: Count
    message_id: str = field(metadata=saved_as("message"))
    webhook: str
    event: Annotated[Event, by_name()]
    body: bytes
    due_at: Instant = field(metadata=saved_as("due"))
    attempt: Count = 1
    stale: Seconds = 0.0
    forged: bool = False
    delayed: bool = field(default=False, metadata=saved_as("held"))

    def waits_for(self, other: Message) -> bool:
        """Return whether it waits to be sent after another message, and that one is due before the wait is over."""
        return self.delayed and self.webhook == other.webhook and other.due_at < self.due_at

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "id": self.message_id,
            "webhookId": self.webhook,
            "event": self.event,
            "attempt": self.attempt,
            "dueAt": iso(self.due_at),
            "body": self.body.decode(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to deliver: what to POST to which URL, and the timeout of the answer in seconds."""

    message: Message
    url: str
    headers: Mapping[str, str]
    timeout: float

    @property
    def body(self) -> bytes:
        """Return the body, which is what is signed."""
        return self.message.body


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """The state of an outbox: webhooks, messages, and the numbers of all that ever were."""

    webhooks: tuple[Webhook, ...] = ()
    messages: tuple[Message, ...] = field(default=(), metadata=saved_as("letters"))
    webhook_count: Count = field(default=0, metadata=saved_as("made"))
    message_count: Count = field(default=0, metadata=saved_as("written"))


class Outbox:
    """The webhooks of an account, and the messages that are not delivered yet."""

    def __init__(self, seed: str, state: OutboxState) -> None:
        """Continue from a state."""
        self._seed = seed
        self._webhooks = {webhook.id: webhook for webhook in state.webhooks}
        self._webhook_count = max(state.webhook_count, len(self._webhooks))
        self._messages = {message.number: message for message in state.messages if message.webhook in self._webhooks}
        self._sent: set[int] = set()
        self._message_count = max(state.message_count, *self._messages, 0)
        self._ends: list[tuple[datetime, str]] = []
        self._log: deque[JSONObject] = deque(maxlen=_KEPT)

    @property
    def state(self) -> OutboxState:
        """Return the state; messages that are being sent now are still in it, since they may not arrive."""
        return OutboxState(
            webhooks=tuple(self._webhooks.values()),
            messages=tuple(self._messages.values()),
            webhook_count=self._webhook_count,
            message_count=self._message_count,
        )

    def webhooks(self) -> Iterator[Webhook]:
        """Yield the webhooks."""
        yield from self._webhooks.values()

    def webhook(self, webhook_id: str) -> Webhook | None:
        """Return a webhook unless there is none."""
        return self._webhooks.get(webhook_id)

    def next_webhook_id(self) -> str:
        """Return the id for a new webhook."""
        self._webhook_count += 1
        return f"webhook_{self._webhook_count}"

    def put(self, webhook: Webhook) -> None:
        """Add a webhook, or replace the one with its id."""
        self._webhooks[webhook.id] = webhook

    def remove(self, webhook_id: str) -> bool:
        """Remove a webhook with its messages; return whether there was one."""
        self._messages = {
            number: message for number, message in self._messages.items() if message.webhook != webhook_id
        }
        self._sent &= self._messages.keys()
        return self._webhooks.pop(webhook_id, None) is not None

    def expect(self, action: Action) -> None:
        """Expect the end of an action."""
        heappush(self._ends, (action.finishes_at, action.id))

    def collect(self, home: Home, now: datetime) -> None:
        """Write the messages about the actions that have ended, unless they were cancelled."""
        while self._ends and self._ends[0][0] <= now:
            _, action_id = heappop(self._ends)
            action = home.action(action_id)
            status = None if action is None else action.status(now)
            if action is None or status is None or status.finished_at is None or status.state not in _ENDS:
                continue
            event = _ENDS[status.state]
            members = _ACTION_MEMBERS if event is Event.PUSH_COMPLETED else (*_ACTION_MEMBERS, *_FAILURE_MEMBERS)
            document = action.document(now)
            self.notify(
                event, {"actionId": action.id, **{name: document[name] for name in members}}, status.finished_at
            )

    def notify(self, event: Event, body: JSONObject, at: datetime) -> None:
        """Write a message to every webhook."""
        for webhook in self._webhooks.values():
            self._write(webhook, event, encode(body), at)
            self._webhooks[webhook.id] = webhook.after_message()

    def deliveries_due(self, now: datetime) -> list[Delivery]:
        """Return the deliveries due at an instant, each once, in their order."""
        waiting = (
            message for message in self._messages.values() if message.due_at <= now and message.number not in self._sent
        )
        messages = sorted(waiting, key=lambda message: (message.due_at, message.number))
        self._sent.update(message.number for message in messages)
        return [self._delivery(message, now) for message in messages]

    def next_due_at(self) -> datetime | None:
        """Return when the next delivery is due, None while that is not known."""
        instants = [message.due_at for message in self._messages.values() if message.number not in self._sent]
        if self._ends and self._webhooks:
            instants.append(self._ends[0][0])
        return min(instants, default=None)

    def record_result(self, delivery: Delivery, now: datetime, status: int | None) -> None:
        """Record the status of a delivery, None without an answer; a failed one is tried again."""
        message = delivery.message
        if self._messages.get(message.number) is not message:
            return  # the webhook or everything was removed while the message was being sent
        del self._messages[message.number]
        self._sent.discard(message.number)
        arrived = status in _SUCCESS
        self._log.append(
            {
                **message.document(),
                "at": iso(now),
                "url": delivery.url,
                "headers": dict(delivery.headers),
                "status": status,
                "arrived": arrived,
            }
        )
        retries = self._webhooks[message.webhook].retries
        if not arrived and message.attempt <= len(retries):
            due_at = now + timedelta(seconds=retries[message.attempt - 1])
            self._messages[message.number] = replace(message, attempt=message.attempt + 1, due_at=due_at, delayed=False)

    def pending(self) -> list[JSONObject]:
        """Return the messages that are not delivered yet, as the control surface shows them."""
        return [message.document() for message in self._messages.values()]

    def log(self) -> list[JSONObject]:
        """Return the latest attempts, oldest first."""
        return list(self._log)

    def clear_log(self) -> None:
        """Remove the attempts."""
        self._log.clear()

    def _write(self, webhook: Webhook, event: Event, body: bytes, at: datetime) -> None:
        delivery_faults = webhook.delivery_faults
        number = self._next_number()
        message = Message(
            number=number,
            message_id=self._message_id(number, at),
            webhook=webhook.id,
            event=event,
            body=body,
            due_at=at + timedelta(seconds=delivery_faults.delay),
            stale=delivery_faults.stale,
            forged=delivery_faults.forged,
        )
        waiting = [other for other in self._messages.values() if other.waits_for(message)]
        if delivery_faults.reorder and not waiting:
            message = replace(message, due_at=message.due_at + _MAX_DELAY, delayed=True)
        copies = [replace(message, number=self._next_number()) for _ in range(delivery_faults.duplicates)]
        released = [
            replace(other, number=self._next_number(), due_at=message.due_at, delayed=False) for other in waiting
        ]
        for other in waiting:
            del self._messages[other.number]
        self._messages.update({posted.number: posted for posted in (message, *copies, *released)})

    def _message_id(self, number: int, at: datetime) -> str:
        return f"msg_{token(fingerprint('message', self._seed, str(number), str(milliseconds(at))), _ID_LENGTH)}"

    def _next_number(self) -> int:
        self._message_count += 1
        return self._message_count

    def _delivery(self, message: Message, now: datetime) -> Delivery:
        webhook = self._webhooks[message.webhook]
        headers = webhook.headers(message.message_id, message.body, now, stale=message.stale, forged=message.forged)
        return Delivery(message=message, url=webhook.url, headers=headers, timeout=webhook.timeout)
