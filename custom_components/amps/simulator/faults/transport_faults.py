"""The faults of the transport of a response (api §15.3 #49)."""

from collections.abc import Iterable
from dataclasses import replace

from ..messages import Outcome, Response
from .kinds import Disconnect, FaultEffect, InvalidJson, Latency, LostAnswer, Timeout, Truncated


def apply_transport_faults(response: Response, effects: Iterable[FaultEffect]) -> Response:
    """Return a response with all of the effects."""
    for effect in effects:
        response = _apply(response, effect)
    return response


def is_lost(effects: Iterable[FaultEffect]) -> bool:
    """Return whether the request itself is lost, so that the service does nothing."""
    return any(isinstance(effect, LostAnswer) and not effect.processed for effect in effects)


def _apply(response: Response, effect: FaultEffect) -> Response:
    match effect:
        case Latency():
            return replace(response, delay=response.delay + effect.seconds)
        case Timeout():
            return replace(response, outcome=Outcome.NEVER_COMES)
        case Disconnect():
            return replace(response, outcome=Outcome.IS_CUT_OFF)
        case Truncated():
            return replace(response, body=response.body[: len(response.body) // 2])
        case InvalidJson():
            # Every colon twice: the content is complete, and no parser accepts it.
            return replace(response, body=response.body.replace(b":", b"::"))
        case _:
            raise NotImplementedError(effect.kind)
