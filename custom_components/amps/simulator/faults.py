"""Faults on purpose, kept as data (api §15.3 #49).

A fault says which requests it strikes, how many of them, and what they get instead of an answer.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from .errors import ApiError, Code
from .wire import JSONObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which requests a fault strikes; what is left out matches all. `path` may hold `*`."""

    method: str | None = None
    path: str | None = None
    device_id: str | None = None

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is struck."""
        return (
            (self.method is None or self.method == method)
            and (self.path is None or fnmatchcase(path, self.path))
            and (self.device_id is None or self.device_id in path.split("/"))
        )

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {"method": self.method, "path": self.path, "deviceId": self.device_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error of the catalogue, in any of its disguises: with another status, with a time to wait."""

    code: Code
    status: int | None = None
    retry_after: int | None = None
    details: JSONObject | None = None

    def error(self) -> ApiError:
        """Return the refusal."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return ApiError(self.code, self.details, status=self.status, headers=headers)

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "kind": "error",
            "code": self.code.name,
            "status": self.status,
            "retryAfter": self.retry_after,
            "details": self.details,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to whom, and how many times more; `remaining` None is without end."""

    id: str
    target: Target
    effect: Refusal
    remaining: int | None

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {"id": self.id, **self.effect.document(), "match": self.target.document(), "remaining": self.remaining}


class Faults:
    """The faults in force, in the order in which they were made."""

    def __init__(self) -> None:
        """Begin without any."""
        self._faults: dict[str, Fault] = {}
        self._made = 0

    def add(self, target: Target, effect: Refusal, count: int | None) -> Fault:
        """Put a fault in force."""
        self._made += 1
        fault = Fault(id=f"fault_{self._made}", target=target, effect=effect, remaining=count)
        self._faults[fault.id] = fault
        return fault

    def strike(self, method: str, path: str) -> None:
        """Let the first fault that matches a request strike it."""
        for fault in self._faults.values():
            if fault.target.matches(method, path):
                self._use_up(fault)
                raise fault.effect.error()

    def remove(self, fault_id: str) -> bool:
        """Take a fault out of force; tell whether it was there."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Take all faults out of force."""
        self._faults.clear()

    def documents(self) -> list[JSONObject]:
        """Return the faults as the control surface shows them."""
        return [fault.document() for fault in self._faults.values()]

    def _use_up(self, fault: Fault) -> None:
        if fault.remaining is None:
            return
        if fault.remaining <= 1:
            del self._faults[fault.id]
        else:
            self._faults[fault.id] = replace(fault, remaining=fault.remaining - 1)
