"""API keys (api §1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import Annotated

from .errors import ApiError, ErrorCode
from .fields import by_name
from .identifiers import fingerprint
from .messages import Request

_KEY = re.compile(r"(?:amps_)?sk_(?P<environment>test|live)_[A-Za-z0-9_-]{4,256}")
_ANY_KEY = re.compile(r"(?:amps_)?sk_[A-Za-z0-9_-]+")


class KeyState(StrEnum):
    """The states of an API key; a key without a state is active."""

    ACTIVE = "active"
    EXPIRED = "expired"
    READ_ONLY = "read_only"
    REVOKED = "revoked"
    UNAUTHORIZED = "unauthorized"
    """Refused without a reason, as a burst of requests may be (api §1.3)."""


class Environment(StrEnum):
    """The environments, which the key selects (api §1.4)."""

    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class KeyAccess:
    """What a key gives access to."""

    environment: Environment
    read_only: bool


@dataclass(slots=True, kw_only=True)
class KeyRing:
    """The states of particular keys, by fingerprint; the keys themselves are not kept."""

    states: dict[str, Annotated[KeyState, by_name()]] = field(default_factory=dict)

    def set_state(self, key: str, state: KeyState) -> None:
        """Set the state of a key."""
        self.states[_fingerprint(key)] = state

    def counts(self) -> Mapping[str, int]:
        """Return how many keys are in each state."""
        states = list(self.states.values())
        return {state.value: states.count(state) for state in KeyState}

    def authenticate(self, request: Request) -> KeyAccess:
        """Return what the key of a request gives access to; raise ApiError for a key that is not accepted."""
        key = _key(request)
        state = KeyState.UNAUTHORIZED if key is None else self.states.get(_fingerprint(key), KeyState.ACTIVE)
        if key is None or state is KeyState.UNAUTHORIZED:
            raise ApiError(ErrorCode.UNAUTHORIZED)
        match = _KEY.fullmatch(key)
        if state is KeyState.REVOKED or match is None:
            raise ApiError(ErrorCode.INVALID_API_KEY)
        if state is KeyState.EXPIRED:
            raise ApiError(ErrorCode.EXPIRED_TOKEN)
        return KeyAccess(_ENVIRONMENTS[match["environment"]], read_only=state is KeyState.READ_ONLY)


_ENVIRONMENTS: Mapping[str, Environment] = {"test": Environment.SANDBOX, "live": Environment.LIVE}


def redacted(text: str) -> str:
    """Return a text in which everything that has the form of a key is replaced."""
    return _ANY_KEY.sub("[key]", text)


def _fingerprint(key: str) -> str:
    return f"{fingerprint('key', key):032x}"


def _key(request: Request) -> str | None:
    """Return the key of either header; `x-api-key` has precedence."""
    key = (request.header("x-api-key") or "").strip()
    if key:
        return key
    scheme, _, credentials = (request.header("authorization") or "").strip().partition(" ")
    return (credentials.strip() or None) if scheme.lower() == "bearer" else None
