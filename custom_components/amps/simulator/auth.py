"""API keys (api §1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import Annotated

from .errors import ApiError, Code
from .fields import by_name
from .identifiers import fingerprint
from .messages import Request

_KEY = re.compile(r"(?:amps_)?sk_(?P<environment>test|live)_[A-Za-z0-9_-]{4,256}")
_ANY_KEY = re.compile(r"(?:amps_)?sk_[A-Za-z0-9_-]+")


class KeyState(StrEnum):
    """What can be the matter with a key; one of which nothing was said is active."""

    ACTIVE = "active"
    EXPIRED = "expired"
    READ_ONLY = "read_only"
    REVOKED = "revoked"
    UNAUTHORIZED = "unauthorized"
    """Refused without a word about the reason, as a burst of requests may be (api §1.3)."""


class Environment(StrEnum):
    """What a key selects (api §1.4)."""

    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Access:
    """What a key is good for."""

    environment: Environment
    read_only: bool


@dataclass(slots=True, kw_only=True)
class KeyRing:
    """What is known about particular keys; the keys themselves are not kept.

    `states` are what is the matter with the keys of these fingerprints; with all others nothing is.
    """

    states: dict[str, Annotated[KeyState, by_name()]] = field(default_factory=dict)

    def mark(self, key: str, state: KeyState) -> None:
        """Say what is the matter with a key."""
        self.states[_fingerprint(key)] = state

    def counts(self) -> Mapping[str, int]:
        """Return how many keys are in each state."""
        states = list(self.states.values())
        return {state.value: states.count(state) for state in KeyState}

    def authenticate(self, request: Request) -> Access:
        """Return what a request's key is good for, or refuse the request."""
        key = _key(request)
        state = KeyState.UNAUTHORIZED if key is None else self.states.get(_fingerprint(key), KeyState.ACTIVE)
        if key is None or state is KeyState.UNAUTHORIZED:
            raise ApiError(Code.UNAUTHORIZED)
        validator = _KEY.fullmatch(key)
        if state is KeyState.REVOKED or validator is None:
            raise ApiError(Code.INVALID_API_KEY)
        if state is KeyState.EXPIRED:
            raise ApiError(Code.EXPIRED_TOKEN)
        return Access(_ENVIRONMENTS[validator["environment"]], read_only=state is KeyState.READ_ONLY)


_ENVIRONMENTS: Mapping[str, Environment] = {"test": Environment.SANDBOX, "live": Environment.LIVE}


def redacted(text: str) -> str:
    """Return a text without anything that looks like a key."""
    return _ANY_KEY.sub("[key]", text)


def _fingerprint(key: str) -> str:
    return f"{fingerprint('key', key):032x}"


def _key(request: Request) -> str | None:
    """Return the key of either header; `x-api-key` goes first."""
    key = (request.header("x-api-key") or "").strip()
    if key:
        return key
    scheme, _, credentials = (request.header("authorization") or "").strip().partition(" ")
    return (credentials.strip() or None) if scheme.lower() == "bearer" else None
