"""Webhooks, their delivery faults, and the deliveries (api §12, §15.4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from ..errors import ApiError, ErrorCode, validation_error
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, Maybe, no_body, one_of, read_body
from ..webhooks.outbox import Event
from ..webhooks.webhook import DeliveryFaults, Webhook, device_event, is_secret, is_url, made_secret
from ..world import World

_ROTATION = 86_400.0
"""Seconds for which the former secret signs as well, unless the body says otherwise (api §12.1)."""
_DEVICE_EVENTS = (Event.DEVICE_CONNECTED, Event.DEVICE_DISCONNECTED, Event.DEVICE_RECONNECTED)


def _check_url(text: str) -> str:
    if not is_url(text):
        message = "must be a URL with http or https"
        raise ValueError(message)
    return text


def _check_secret(text: str) -> str:
    if not is_secret(text):
        message = "must be whsec_ and base64"
        raise ValueError(message)
    return text


type _Seconds = Annotated[float, Field(ge=0, le=30 * 86_400)]
type _Secret = Annotated[str, AfterValidator(_check_secret)]


class _DeliveryFaultsBody(Body):
    duplicates: Annotated[int, Field(ge=0, le=10)] = 0
    delay_seconds: _Seconds = 0.0
    stale_seconds: _Seconds = 0.0
    reorder: bool = False
    forged: bool = False


class _BehaviourBody(Body):
    """How deliveries to a webhook behave."""

    retry_seconds: Maybe[Annotated[list[_Seconds], Field(max_length=20)]] = None
    timeout_seconds: Maybe[Annotated[int, Field(ge=1, le=300)]] = None
    mischief: Maybe[_DeliveryFaultsBody] = None
    mischief_count: Maybe[Annotated[int, Field(ge=1, le=1_000_000)]] = None

    def applied(self, webhook: Webhook) -> Webhook:
        """Return a webhook with this behaviour; what is left out stays."""
        if self.retry_seconds is not None:
            webhook = replace(webhook, retries=tuple(self.retry_seconds))
        if self.timeout_seconds is not None:
            webhook = replace(webhook, timeout=self.timeout_seconds)
        if (faults := self.mischief) is not None:
            delivery_faults = DeliveryFaults(
                duplicates=faults.duplicates,
                delay=faults.delay_seconds,
                stale=faults.stale_seconds,
                reorder=faults.reorder,
                forged=faults.forged,
            )
            webhook = replace(webhook, delivery_faults=delivery_faults, delivery_faults_left=None)
        if self.mischief_count is not None:
            webhook = replace(webhook, delivery_faults_left=self.mischief_count)
        return webhook


class _WebhookBody(_BehaviourBody):
    url: Annotated[str, AfterValidator(_check_url)]
    secret: Maybe[_Secret] = None


class _RotationBody(Body):
    secret: Maybe[_Secret] = None
    overlap_seconds: _Seconds = _ROTATION


class _EventBody(Body):
    event: Annotated[str, AfterValidator(one_of(*_DEVICE_EVENTS))]
    reconnection_url: Maybe[str] = None

    @model_validator(mode="after")
    def _check_reconnection(self) -> Self:
        if self.reconnection_url is not None and self.event != Event.DEVICE_DISCONNECTED:
            raise validation_error(("reconnectionUrl", f"belongs to {Event.DEVICE_DISCONNECTED}"))
        return self


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": [webhook.document() for webhook in world.outbox.webhooks()]})


def _add(world: World, call: Call) -> Reply:
    body = read_body(_WebhookBody, call.request)
    webhook_id = world.outbox.next_webhook_id()
    secret = body.secret or made_secret(world.seed, webhook_id)
    webhook = body.applied(Webhook(id=webhook_id, url=body.url, secret=secret))
    world.outbox.put(webhook)
    return Reply(webhook.document())


def _change(world: World, call: Call) -> Reply:
    """Change how deliveries to a webhook behave; what is left out stays."""
    webhook = _found(world, call)
    changed = read_body(_BehaviourBody, call.request).applied(webhook)
    world.outbox.put(changed)
    return Reply(changed.document())


def _rotate(world: World, call: Call) -> Reply:
    """Give a webhook another secret; for `overlapSeconds` the former one signs as well (api §12.1)."""
    webhook = _found(world, call)
    body = read_body(_RotationBody, call.request)
    secret = body.secret or made_secret(world.seed, webhook.secret)
    rotated = webhook.rotated(secret, call.now + timedelta(seconds=body.overlap_seconds))
    world.outbox.put(rotated)
    return Reply(rotated.document())


def _remove(world: World, call: Call) -> Reply:
    no_body(call.request)
    if not world.outbox.remove(call.identifier):
        raise ApiError(ErrorCode.NOT_FOUND)
    return _list(world, call)


def _announce(world: World, call: Call) -> Reply:
    """Send the event that a device was linked, lost its credentials or got them back; the device does not change."""
    simulated = world.home.device(call.identifier)
    if simulated is None:
        raise ApiError(ErrorCode.DEVICE_NOT_FOUND)
    body = read_body(_EventBody, call.request)
    document = device_event(simulated.device.id, simulated.device.kind.name, call.now, body.reconnection_url)
    world.outbox.notify(Event(body.event), document, call.now)
    return Reply(document)


def _deliveries(world: World, _call: Call) -> Reply:
    return Reply({"items": world.outbox.log(), "pending": world.outbox.pending()})


def _clear_deliveries(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.outbox.clear_log()
    return _deliveries(world, call)


def _found(world: World, call: Call) -> Webhook:
    webhook = world.outbox.webhook(call.identifier)
    if webhook is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return webhook


WEBHOOK_ROUTES: RouteTable = {
    route_key("GET", "/webhooks"): Route(handler=_list),
    route_key("POST", "/webhooks"): Route(handler=_add),
    route_key("POST", "/webhooks/id"): Route(handler=_change),
    route_key("DELETE", "/webhooks/id"): Route(handler=_remove),
    route_key("POST", "/webhooks/id/rotate"): Route(handler=_rotate),
    route_key("POST", "/devices/id/event"): Route(handler=_announce),
    route_key("GET", "/deliveries"): Route(handler=_deliveries),
    route_key("DELETE", "/deliveries"): Route(handler=_clear_deliveries),
}
