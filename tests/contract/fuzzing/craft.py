"""Valid requests for the devices of a simulator, from which malformed ones are made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import json
from random import Random
from typing import Any

type Document = dict[str, Any]
type Headers = tuple[tuple[str, str], ...]

_TEXT = "abcXYZ019 _-.~:/?#[]@!$&'()*+,;=%\\\"<>{}|^`\t\n\x00\x7fäß€\u202e\U0001f600"
LISTS = ("/battery", "/ev-charger", "/hvac", "/solar-inverter", "/vehicle", "/actions")
JSON: Headers = (("Content-Type", "application/json"),)
WRONG: tuple[object, ...] = (None, True, False, 0, -1.5, 10**19, "", "text", [], [{}], {}, {"a": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The contents of a simulator: readings by path, open actions, and the routes of its control surface."""

    readings: Mapping[str, Document]
    actions: Sequence[str]
    control: Sequence[tuple[str, str]]

    def having(self, member: str) -> list[tuple[str, Document]]:
        """Return the readings that have a member."""
        return [(path, reading) for path, reading in self.readings.items() if member in reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A request, and the statuses that its answer may have."""

    kind: str
    method: str
    target: str
    headers: Headers
    body: bytes
    statuses: tuple[int, ...]

    def wire(self, host: str) -> bytes:
        """Return the bytes to send to a host."""
        named = {name.lower() for name, _ in self.headers}
        length = () if "transfer-encoding" in named else (("Content-Length", str(len(self.body))),)
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, *length)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


def key(random: Random) -> Headers:
    """Return the header of a good key, of either environment and in either header."""
    environment = random.choice(("test", "live"))
    good = random.choice(("sk", "amps_sk")) + f"_{environment}_fuzzing"
    return random.choice(((("x-api-key", good),), (("Authorization", f"Bearer {good}"),)))


def text(random: Random, longest: int = 40) -> str:
    """Return a text of up to so many characters, some of which need escapes."""
    return "".join(random.choices(_TEXT, k=random.randint(1, longest)))


def request(
    random: Random,
    kind: str,
    method: str,
    target: str,
    *statuses: int,
    body: bytes = b"",
    headers: Headers | None = None,
) -> Malformed:
    """Return a request; by default it has a good key, and its body is declared as JSON."""
    chosen = (*key(random), *(JSON if body else ())) if headers is None else headers
    return Malformed(kind=kind, method=method, target=target, headers=chosen, body=body, statuses=statuses)


def dump(document: object) -> bytes:
    """Return a document as JSON."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


# Valid requests.


def _quantity(random: Random, spec: Document) -> Document:
    low, high = spec.get("min", 0), spec.get("max", 100)
    return {"value": round(random.uniform(low, high), random.randint(0, 3)), "unit": spec["unit"]}


def push(random: Random, inventory: Inventory) -> tuple[str, Document, Document]:
    """Return the path of a device, a push that it would accept without open actions, and its declarations."""
    path, reading = random.choice(inventory.having("commands"))
    command = random.choice(list(reading["commands"]))
    declared: Document = reading["commands"][command]["parameters"]
    action: Document = {"command": command}
    if declared:
        action["parameters"] = {name: _quantity(random, spec) for name, spec in declared.items()}
    if "coolSetpoint" in declared:
        action["parameters"]["heatSetpoint"]["value"] = declared["heatSetpoint"]["min"]
        action["parameters"]["coolSetpoint"]["value"] = declared["coolSetpoint"]["max"]
    if random.random() < 0.5:
        action["start"] = f"{random.randint(1, 700)}m"
    body: Document = {"action": action}
    if random.random() < 0.3:
        body["onConflict"] = random.choice(reading["conflictStrategies"])
    if random.random() < 0.3:
        body["sandbox"] = {"outcome": "failed"}
    return path, body, declared


def push_with_parameters(random: Random, inventory: Inventory) -> tuple[str, Document, Document]:
    """Return the same as `push`, for a command with parameters."""
    while True:
        path, body, declared = push(random, inventory)
        if declared:
            return path, body, declared


def settings(random: Random, inventory: Inventory) -> tuple[str, Document, Document]:
    """Return the path of a device's settings, a map that could be written, and what the device declares."""
    path, reading = random.choice(inventory.having("settings"))
    writable = {name: spec for name, spec in reading["settings"].items() if "unit" in spec}
    names = random.sample(sorted(writable), random.randint(1, len(writable)))
    return f"{path}/settings", {name: _quantity(random, writable[name]) for name in names}, writable


def written(random: Random, inventory: Inventory) -> tuple[str, Document]:
    """Return the path and the body of a push or of settings."""
    path, body, _ = random.choice((push, settings))(random, inventory)
    return path, body


def places(document: Document) -> Iterator[tuple[Document, str]]:
    """Yield every member with a type that the API defines, with its object."""
    for name, member in document.items():
        yield document, name
        if isinstance(member, dict) and name != "sandbox":
            yield from places(member)


def family(value: object) -> type:
    """Return the type of a value as JSON has it, where a number is a number."""
    return float if type(value) is int else type(value)
