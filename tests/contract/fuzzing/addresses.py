"""Invalid keys, paths, ids, methods and queries, each with one error, which its kind names."""

from random import Random
from urllib.parse import quote, urlencode

from .craft import JSON, LISTS, Headers, Inventory, Malformed, dump, request, text, written

_METHODS = ("DELETE", "GET", "LOCK", "MKCOL", "OPTIONS", "PATCH", "POST", "PROPFIND", "PURGE", "PUT", "TRACE")
_NO_PAGES = ("0x10", "-1", "+1", "1.5", "1e1", " 1", "", "ten", "NaN", "99999999999999999999", "\u0663", "1_0", "\x00")
_UNPRINTABLE = dict.fromkeys((*range(32), 127))


def _other_page(random: Random, inventory: Inventory) -> Malformed:
    wrong = random.choice((("limit", "0"), ("limit", "51"), *((name, _pick(random)) for name in ("limit", "offset"))))
    query = [wrong, *random.sample([("userId", text(random)), ("limit", "5"), ("offset", "1")], random.randint(0, 2))]
    random.shuffle(query)
    return request(random, "other page", "GET", f"{random.choice(LISTS)}?{urlencode(query)}", 400)


def _pick(random: Random) -> str:
    return random.choice((*_NO_PAGES, "x" + text(random)))


def _other_query(random: Random, inventory: Inventory) -> Malformed:
    path, _ = random.choice(list(inventory.readings.items()))
    word = "x" + text(random)
    listed = random.choice(LISTS)
    target = random.choice(
        (
            f"{path}?{urlencode({word: text(random)})}",
            f"{path}?{urlencode({'expedite': random.choice(('', '1', 'True', 'yes', word))})}",
            f"{path}?expedite=true&expedite=true",
            f"{path}?limit=1",
            f"{listed}?expedite=true",
            f"{listed}?userId=a&userId=a",
            f"{listed}?{random.choice(('=', '&=1', '%ff=1', '%00', '%', 'a;b', 'limit=%zz', 'limit[]=1', '?limit=1'))}",
            f"/actions?{urlencode({random.choice(('state', 'deviceType')): word})}",
            f"/actions?{urlencode({'deviceType': 'ev-charger', 'state': ''})}",
        )
    )
    return request(random, "other query", "GET", target, 400)


def _query_on_write(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    target = f"{path}?{urlencode({text(random): text(random)})}"
    return request(random, "query on a write", "POST", target, 400, body=dump(document))


def _no_key(random: Random, inventory: Inventory) -> Malformed:
    path, document = random.choice((written(random, inventory), (random.choice(LISTS), None)))
    word = random.choice(("sk_test_", "sk_live_abc", "SK_TEST_abcdef", "amps_sk", "x" * 2000, "sk_sandbox_abcdef"))
    headers: Headers = random.choice(
        (
            (),
            (("x-api-key", ""),),
            (("x-api-key", word),),
            (("x-api-key", f"{word}\xff\xe4"),),
            (("x-api-key", f"x{text(random).encode('ascii', 'ignore').decode().translate(_UNPRINTABLE)}"),),
            (("Authorization", f"Bearer {word}"),),
            (("Authorization", "Basic c2tfdGVzdF9mdXp6aW5n"),),
            (("Authorization", "Bearer"),),
            (("Cookie", "x-api-key=sk_test_fuzzing"),),
        )
    )
    method, body = ("GET", b"") if document is None else ("POST", dump(document))
    return request(random, "no good key", method, path, 401, body=body, headers=(*headers, *JSON))


def _unknown_id(random: Random, inventory: Inventory) -> Malformed:
    path, document = written(random, inventory)
    segment, identifier, *suffix = path.strip("/").split("/")
    at = random.randrange(len(identifier))
    other = random.choice(
        (
            identifier[:at] + text(random, 3) + identifier[at:],
            identifier[: at + 1] + "x",
            identifier.upper(),
            identifier * 2,
            "x" + text(random),
            "x" * random.randint(1, 4000),
            random.choice(inventory.actions),
        )
    )
    unknown = quote(other if other != identifier else f"{other}x", safe=random.choice(("", "/:@!$&'()*+,;=~")))
    method, target, body = random.choice(
        (
            ("GET", f"/{segment}/{unknown}", b""),
            ("POST", "/".join(("", segment, unknown, *suffix)), dump(document)),
            ("GET", f"/actions/{unknown}x", b""),
            ("POST", f"/actions/{unknown}x/cancel", b""),
        )
    )
    return request(random, "unknown id", method, target, 404, body=body)


def _other_type_of_device(random: Random, inventory: Inventory) -> Malformed:
    path, _ = random.choice(list(inventory.readings.items()))
    segment, identifier = path.strip("/").split("/")
    other = random.choice([listed for listed in LISTS if listed != f"/{segment}"])
    return request(random, "device under another type", "GET", f"{other}/{identifier}", 404)


def _other_method(random: Random, inventory: Inventory) -> Malformed:
    path, _ = random.choice(inventory.having("settings"))
    action = f"/actions/{random.choice(inventory.actions)}"
    target, *allowed = random.choice(
        (
            (random.choice((*LISTS, "/schedules")), "GET"),
            (path, "GET", "POST"),
            (f"{path}/settings", "POST"),
            (f"{path}/schedule", "GET", "PUT"),
            (action, "GET"),
            (f"{action}/cancel", "POST"),
            ("/_simulator/clock", "GET", "POST"),
        )
    )
    method = random.choice([name for name in _METHODS if name not in allowed])
    body = random.choice((b"", b"{}", random.randbytes(9)))
    return request(random, "other method", method, target, 404, body=body)


def _other_path(random: Random, inventory: Inventory) -> Malformed:
    path, _ = random.choice(list(inventory.readings.items()))
    listed = random.choice(LISTS)
    word = quote("x" + text(random), safe="/:@")
    target = random.choice(
        (
            f"/{word}",
            f"/{word}/{word}/{word}",
            f"/_simulator/{word}",
            f"{path}/{word}",
            f"{path}/settings/{word}",
            f"{path}/schedule/",
            f"{path}/",
            f"{listed}/",
            f"/{listed}",
            f"/v1{listed}",
            f"{listed.title()}s",
            f"/_simulator{listed}",
            "/",
            "/%00",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/ev_charger",
            "/schedules/x",
        )
    )
    return request(random, "other path", random.choice(("GET", "POST", "PUT")), target, 404)


def _schedule(random: Random, inventory: Inventory) -> Malformed:
    path, _ = random.choice(inventory.having("commands"))
    method, target = random.choice((("GET", f"{path}/schedule"), ("PUT", f"{path}/schedule"), ("GET", "/schedules")))
    query = urlencode({text(random): text(random)})
    return request(random, "schedule", method, f"{target}?{query}", 501, body=random.randbytes(9))


ADDRESSES = (
    _other_page,
    _other_query,
    _query_on_write,
    _no_key,
    _unknown_id,
    _other_type_of_device,
    _other_method,
    _other_path,
    _schedule,
)
