"""The webhooks, their delivery faults, and what was delivered (api §12, §15.4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from ..errors import ApiError, Code
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body, no_body
from ..webhooks.outbox import Event
from ..webhooks.webhook import DeliveryFaults, Webhook, device_event, is_secret, is_url, made_secret
from ..world import World

_LONGEST = 30 * 86_400.0
_LONGEST_TIMEOUT = 300
_MOST_RETRIES = 20
_MOST_DUPLICATES = 10
_MOST_MESSAGES = 1_000_000
_ROTATION = 86_400.0
_DELIVERY_FAULTS = ("duplicates", "delaySeconds", "staleSeconds", "reorder", "forged")
_BEHAVIOUR = ("retrySeconds", "timeoutSeconds", "mischief", "mischiefCount")
_DEVICE_EVENTS = (Event.DEVICE_CONNECTED, Event.DEVICE_DISCONNECTED, Event.DEVICE_RECONNECTED)


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": [webhook.document() for webhook in world.outbox.webhooks()]})


def _add(world: World, call: Call) -> Reply:
    validator = Validator()
    body = validator.members(json_body(call.request), "", required=("url",), optional=("secret", *_BEHAVIOUR))
    url = validator.text(body.get("url"), "url")
    if not is_url(url):
        validator.add_error("url", "must be a URL with http or https")
    secret = _secret(validator, body["secret"]) if "secret" in body else None
    behaviour = _behaviour(validator, body, Webhook(id="", url=url, secret=""))
    validator.check()
    webhook_id = world.outbox.next_webhook_id()
    webhook = replace(behaviour, id=webhook_id, secret=secret or made_secret(world.seed, webhook_id))
    world.outbox.put(webhook)
    return Reply(webhook.document())


def _change(world: World, call: Call) -> Reply:
    """Change how a webhook is treated; what is left out stays."""
    webhook = _found(world, call)
    validator = Validator()
    body = validator.members(json_body(call.request), "", optional=_BEHAVIOUR)
    changed = _behaviour(validator, body, webhook)
    validator.check()
    world.outbox.put(changed)
    return Reply(changed.document())


def _rotate(world: World, call: Call) -> Reply:
    """Give a webhook another secret; for `overlapSeconds` the former one signs as well (api §12.1)."""
    webhook = _found(world, call)
    validator = Validator()
    body = validator.members(json_body(call.request), "", optional=("secret", "overlapSeconds"))
    secret = _secret(validator, body["secret"]) if "secret" in body else made_secret(world.seed, webhook.secret)
    overlap = _seconds(validator, body.get("overlapSeconds", _ROTATION), "overlapSeconds", _LONGEST)
    validator.check()
    rotated = webhook.rotated(secret, call.now + timedelta(seconds=overlap))
    world.outbox.put(rotated)
    return Reply(rotated.document())


def _remove(world: World, call: Call) -> Reply:
    no_body(call.request)
    if not world.outbox.remove(call.identifier):
        raise ApiError(Code.NOT_FOUND)
    return _list(world, call)


def _announce(world: World, call: Call) -> Reply:
    """Tell that a device was linked, lost its credentials or got them back; the device itself goes on as it was."""
    simulated = world.home.device(call.identifier)
    if simulated is None:
        raise ApiError(Code.DEVICE_NOT_FOUND)
    validator = Validator()
    body = validator.members(json_body(call.request), "", required=("event",), optional=("reconnectionUrl",))
    event = validator.choice(body.get("event"), "event", _DEVICE_EVENTS)
    reconnection = validator.text(body["reconnectionUrl"], "reconnectionUrl") if "reconnectionUrl" in body else None
    if reconnection is not None and event != Event.DEVICE_DISCONNECTED:
        validator.add_error("reconnectionUrl", f"belongs to {Event.DEVICE_DISCONNECTED}")
    validator.check()
    document = device_event(simulated.device.id, simulated.device.kind.name, call.now, reconnection)
    world.outbox.notify(Event(event), document, call.now)
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
        raise ApiError(Code.NOT_FOUND)
    return webhook


def _behaviour(validator: Validator, body: Mapping[str, object], webhook: Webhook) -> Webhook:
    """Return a webhook that is treated as a body says."""
    if "retrySeconds" in body:
        webhook = replace(webhook, retries=_retries(validator, body["retrySeconds"]))
    if "timeoutSeconds" in body:
        webhook = replace(
            webhook, timeout=validator.whole(body["timeoutSeconds"], "timeoutSeconds", 1, _LONGEST_TIMEOUT)
        )
    if "mischief" in body:
        webhook = replace(
            webhook, delivery_faults=_delivery_faults(validator, body["mischief"]), delivery_faults_left=None
        )
    if "mischiefCount" in body:
        webhook = replace(
            webhook, delivery_faults_left=validator.whole(body["mischiefCount"], "mischiefCount", 1, _MOST_MESSAGES)
        )
    return webhook


def _delivery_faults(validator: Validator, value: object) -> DeliveryFaults:
    members = validator.members(value, "mischief", optional=_DELIVERY_FAULTS)
    return DeliveryFaults(
        duplicates=validator.whole(members.get("duplicates", 0), "mischief.duplicates", 0, _MOST_DUPLICATES),
        delay=_seconds(validator, members.get("delaySeconds", 0), "mischief.delaySeconds", _LONGEST),
        stale=_seconds(validator, members.get("staleSeconds", 0), "mischief.staleSeconds", _LONGEST),
        reorder=validator.flag(members.get("reorder", False), "mischief.reorder"),
        forged=validator.flag(members.get("forged", False), "mischief.forged"),
    )


def _retries(validator: Validator, value: object) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) > _MOST_RETRIES:
        validator.add_error("retrySeconds", f"must be a list of at most {_MOST_RETRIES} numbers")
        return ()
    return tuple(_seconds(validator, seconds, f"retrySeconds.{index}", _LONGEST) for index, seconds in enumerate(value))


def _secret(validator: Validator, value: object) -> str:
    secret = validator.text(value, "secret")
    if not is_secret(secret):
        validator.add_error("secret", "must be whsec_ and base64")
    return secret


def _seconds(validator: Validator, value: object, path: str, most: float) -> float:
    seconds = validator.number(value, path)
    if not 0 <= seconds <= most:
        validator.add_error(path, f"must be from 0 to {most:g}")
    return float(seconds)


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
