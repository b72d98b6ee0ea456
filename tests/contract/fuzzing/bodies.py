"""Invalid bodies, each with one error, which its kind names."""

import json
from random import Random

from .craft import (
    JSON,
    WRONG,
    Document,
    Inventory,
    Malformed,
    dump,
    family,
    key,
    places,
    push,
    push_with_parameters,
    request,
    settings,
    text,
    written,
)

_UNITS = ("percent", "kw", "watts", "kwh", "amps", "volts", "hours", "minutes", "celsius", "fahrenheit", "", "%", "KW")
_TIMES = ("2020-01-01T00:00:00", "9999-12-31T23:59:59", "2026-06-14T22:00:00Z", "0m", "1e3h", "721h", "22:00", "")


def _not_json(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    text = dump(document)
    cut = random.randrange(1, len(text))
    body = random.choice(
        (
            text[:cut],
            text[1:],
            text + random.choice((b"}", b"]", b"1", b"\x00", text)),
            text.replace(b'"', b"'"),
            text.replace(b":", b"="),
            text[:cut] + b"\xff" + text[cut:],
            b"\xef\xbb\xbf" + text,
            b"{" + random.randbytes(random.randint(1, 200)).replace(b"}", b"{"),
            b'{"action":' * random.randint(1, 5000),
            b"[" * random.randint(1, 50_000),
            b'{"value": NaN}',
            b'{"value": -Infinity}',
            b'{"value": 01}',
            b'{"value": "\\ud8"}',
            text.decode().encode("utf-16"),
        )
    )
    return request(random, "body that is no JSON", "POST", path, 400, body=body)


def _not_an_object(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    body: object = random.choice(([document], None, True, 0, 1.5, "", json.dumps(document), [], [[]]))
    return request(random, "body that is no object", "POST", path, 400, body=dump(body))


def _no_body(random: Random, inventory: Inventory) -> Malformed:
    path, _ = written(random, inventory)
    return request(random, "no body", "POST", path, 400, body=random.choice((b" ", b"\n", b"{}")))


def _long_body(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    body = dump(document) + b" " * random.randint(64 * 1024, 80 * 1024)
    return request(random, "body that is too long", "POST", path, 400, body=body)


def _other_content(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    content_type = random.choice(("", "text/plain", "application/xml", "application/json5", "json", ";", "a/b; c=" * 9))
    headers = (*key(random), ("Content-Type", content_type))
    return request(random, "other content type", "POST", path, 400, body=dump(document), headers=headers)


def _encoded_body(random: Random, inventory: Inventory) -> Malformed:
    path, _ = written(random, inventory)
    encoding = random.choice(("gzip", "deflate", "identity", "x" + random.choice("abc")))
    headers = (*key(random), *JSON, ("Content-Encoding", encoding))
    return request(
        random,
        "body that is not encoded as it says",
        "POST",
        path,
        400,
        body=b"\xff" + random.randbytes(random.randint(0, 300)),
        headers=headers,
    )


def _expectation(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    expected = random.choice(("100-continue", "200-ok", "x", "100-continue, x"))
    headers = (*key(random), *JSON, ("Expect", expected))
    return request(random, "expectation", "POST", path, 400, 417, body=dump([document]), headers=headers)


def _unknown_key(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    members = [document, *(holder[name] for holder, name in places(document))]
    strict = [member for member in members if isinstance(member, dict) and {"action", "command", "value"} & set(member)]
    random.choice(strict)["x" + text(random)] = random.choice(WRONG)
    return request(random, "unknown key", "POST", path, 400, body=dump(document))


def _missing_key(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    needed = ("action", "command", "value", "unit")
    holder, name = random.choice([place for place in places(document) if place[1] in needed])
    del holder[name]
    return request(random, "missing key", "POST", path, 400, body=dump(document))


def _other_type(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    holder, name = random.choice(list(places(document)))
    right = family(holder[name])
    holder[name] = random.choice([value for value in WRONG if family(value) is not right])
    return request(random, "value of another type", "POST", path, 400, body=dump(document))


def _unknown_word(random: Random, inventory: Inventory) -> Malformed:
    path, document, _ = push(random, inventory)
    document["action"]["command"] = "x" + text(random)
    return request(random, "unknown command", "POST", path, 422, body=dump(document))


def _unknown_name(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    holder = document["action"].setdefault("parameters", {}) if "action" in document else document
    holder["x" + text(random)] = {"value": 1, "unit": random.choice(_UNITS)}
    return request(random, "unknown parameter or setting", "POST", path, 422, body=dump(document))


def _quantities(random: Random, inventory: Inventory) -> tuple[str, Document, Document, Document]:
    """Return a path, a body for it, one of the Quantities in that, and how it is declared."""
    path, document, declared = random.choice((push_with_parameters, settings))(random, inventory)
    quantities = document["action"]["parameters"] if "action" in document else document
    name = random.choice(list(quantities))
    return path, document, quantities[name], declared[name]


def _other_unit(random: Random, inventory: Inventory) -> Malformed:
    path, document, quantity, spec = _quantities(random, inventory)
    quantity["unit"] = random.choice([unit for unit in _UNITS if unit != spec["unit"]])
    return request(random, "other unit", "POST", path, 422, body=dump(document))


def _out_of_range(random: Random, inventory: Inventory) -> Malformed:
    path, document, quantity, spec = _quantities(random, inventory)
    beyond = random.choice((0.01, 1, 1e6, 1e300, 10**25))
    quantity["value"] = random.choice((spec.get("max", 1e5) + beyond, spec.get("min", 0) - beyond))
    return request(random, "number out of range", "POST", path, 422, body=dump(document))


def _other_time(random: Random, inventory: Inventory) -> Malformed:
    path, document, _ = push(random, inventory)
    time = random.choice((*_TIMES, "x" + text(random)))
    document["action"].update(random.choice(({"start": time}, {"start": "2026-06-14T22:00:00", "end": time})))
    return request(random, "time that cannot be", "POST", path, 422, body=dump(document))


BODIES = (
    _not_json,
    _not_an_object,
    _no_body,
    _long_body,
    _other_content,
    _encoded_body,
    _expectation,
    _unknown_key,
    _missing_key,
    _other_type,
    _unknown_word,
    _unknown_name,
    _other_unit,
    _out_of_range,
    _other_time,
)
