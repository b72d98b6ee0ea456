"""What faults make of an answer on its way (api §15.3 #49)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ..messages import Outcome, Response
from .kinds import Effect


def apply_transport_faults(response: Response, effects: Iterable[Effect]) -> Response:
    """Return a response as it is after all of the effects."""
    for effect in effects:
        response = _TRANSPORT_FAULTS[effect.kind](response, effect)
    return response


def is_lost(effects: Iterable[Effect]) -> bool:
    """Return whether the request does not even arrive, so that nothing may come of it."""
    return any(effect.options.get("processed") is False for effect in effects)


def _delayed(response: Response, effect: Effect) -> Response:
    return replace(response, delay=response.delay + effect.number("seconds"))


def _never(response: Response, _effect: Effect) -> Response:
    return replace(response, outcome=Outcome.NEVER_COMES)


def _cut_off(response: Response, _effect: Effect) -> Response:
    return replace(response, outcome=Outcome.IS_CUT_OFF)


def _halved(response: Response, _effect: Effect) -> Response:
    return replace(response, body=response.body[: len(response.body) // 2])


def _garbled(response: Response, _effect: Effect) -> Response:
    """Double every colon: all that was said is there, and no parser takes it."""
    return replace(response, body=response.body.replace(b":", b"::"))


_TRANSPORT_FAULTS: Mapping[str, Callable[[Response, Effect], Response]] = {
    "latency": _delayed,
    "timeout": _never,
    "disconnect": _cut_off,
    "truncated": _halved,
    "invalid_json": _garbled,
}
