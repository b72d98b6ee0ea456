"""What faults make of an answer on its way (api §15.3 #49)."""

from collections.abc import Iterable
from dataclasses import replace

from ..messages import Outcome, Response
from .kinds import Disconnect, Effect, InvalidJson, Latency, LostAnswer, Timeout, Truncated


def apply_transport_faults(response: Response, effects: Iterable[Effect]) -> Response:
    """Return a response as it is after all of the effects."""
    for effect in effects:
        response = _apply(response, effect)
    return response


def is_lost(effects: Iterable[Effect]) -> bool:
    """Return whether the request itself is lost, so that the service does nothing."""
    return any(isinstance(effect, LostAnswer) and not effect.processed for effect in effects)


def _apply(response: Response, effect: Effect) -> Response:
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
            # Every colon twice: the content is all there, and no parser accepts it.
            return replace(response, body=response.body.replace(b":", b"::"))
        case _:
            raise NotImplementedError(effect.kind)
