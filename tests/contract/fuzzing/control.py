"""Invalid requests to every route of the control surface."""

from collections.abc import Sequence
from random import Random
from urllib.parse import urlencode

from .craft import JSON, WRONG, Inventory, Malformed, dump, family, request, text


def _control(random: Random, inventory: Inventory, methods: Sequence[str]) -> tuple[str, str]:
    method, pattern = random.choice([route for route in inventory.control if route[0] in methods])
    path, _ = random.choice(list(inventory.readings.items()))
    return method, pattern.replace("*", random.choice((path.rpartition("/")[2], "fault_999", "x")))


def _control_body(random: Random, inventory: Inventory) -> Malformed:
    method, target = _control(random, inventory, ("POST", "PUT"))
    key = random.choice(("advance", "set", "kind", "present", "state", "settleSeconds", "url", "x" + text(random)))
    body = random.choice(
        (
            b"{",
            b"\xff" + random.randbytes(20),
            b"[" * random.randint(1, 50_000),
            b'{"advance": 1e999}',
            b" " * 70_000 + b"{}x",
            dump([]),
            dump("text"),
            dump({key: [[]]}),
            dump({"x" + text(random): 1}),
            dump({key: [random.choice(WRONG)], "x": 1}),
        )
    )
    return request(random, "control body", method, target, 400, 404, body=body, headers=JSON)


def _control_value(random: Random, inventory: Inventory) -> Malformed:
    wrong = random.choice([value for value in WRONG if family(value) is not dict])
    code = "x" + text(random)
    first, document = random.choice(
        (
            ("clock", {"advance": -random.uniform(0.001, 1e12)}),
            ("clock", {"set": random.choice(("2026-06-15T00:00:00", "2020-01-01T00:00:00Z", "x" + text(random)))}),
            ("clock", {"speed": -random.random(), "advance": 1}),
            ("clock", {"frozen": random.choice((0, 1, "true", None, [])), "advance": 1}),
            ("faults", {"kind": code, "code": "TIMEOUT"}),
            ("faults", {"kind": "error", "code": code}),
            ("faults", {"kind": "error", "code": "TIMEOUT", "count": random.choice((0, -1, 1.5, "1", 10**19))}),
            ("faults", {"kind": "error", "code": "TIMEOUT", "status": random.choice((0, 200, 399, 600, "500"))}),
            ("faults", {"kind": "error", "code": "TIMEOUT", "match": wrong}),
            ("keys", {"key": "sk_test_x", "state": code}),
            ("keys", {"key": random.choice((1, [], {})), "state": "active"}),
            ("faults", {"kind": "error", "code": "TIMEOUT", "durationSeconds": random.choice((-1, 1e9, "1", True))}),
            ("faults", {"kind": "latency", "seconds": random.choice((-1, 1e9, "1", []))}),
            ("faults", {"kind": "offline", "code": random.choice(("TIMEOUT", "NETWORK_ERROR", code))}),
            ("faults", {"kind": "null_fields", "fields": random.choice(("level", [1], [[]], {}))}),
            ("live", {"enabled": random.choice([value for value in WRONG if family(value) is not bool])}),
            ("webhooks", {"url": random.choice((code, "", 1, "ftp://example.org/", None))}),
            ("webhooks", {"url": "http://127.0.0.1:9/", "secret": random.choice((code, "whsec_", "whsec_%", 1))}),
            ("webhooks", {"url": "http://127.0.0.1:9/", "mischief": random.choice(({"duplicates": -1}, {code: 1}, 1))}),
            ("state", random.choice(({}, {"version": 1}, {"version": random.randint(2, 99), "home": "x"}))),
            ("timing", {"settleSeconds": random.choice((-0.1, 1e9, "3", None, True))}),
        )
    )
    return request(random, "control value", "POST", f"/_simulator/{first}", 400, body=dump(document), headers=JSON)


def _control_query(random: Random, inventory: Inventory) -> Malformed:
    method, target = _control(random, inventory, ("GET", "DELETE"))
    query = urlencode({"x" + text(random): text(random)})
    return request(random, "control query", method, f"{target}?{query}", 400, headers=())


CONTROL = (_control_body, _control_value, _control_query)
