"""JSON that orjson parses, and JSON that it refuses as a whole, which is parsed leniently."""

from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.amps.api.json import JsonValue, parse_json


def nested(levels: int) -> bytes:
    """Return nested lists."""
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"NaN", None),
        (b"Infinity", None),
        (b"-Infinity", None),
        (b"1e999", None),
        (b"-1e999", None),
        (b"1" * 400, None),
        (b"1" * 5000, None),
        (b"[NaN, 5, -1e999]", [None, 5, None]),
        (b'"\\ud83d"', "?"),
        (b'"Fox\\udd0bESS"', "Fox?ESS"),
        (b'{"\\ud83d": 5}', {"?": 5}),
        (b'"Fox\xffESS"', "Fox\ufffdESS"),
        (b'"Fox\x01ESS"', "Fox\x01ESS"),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_an_invalid_value_makes_no_other_unreadable(value: bytes, read: JsonValue) -> None:
    body = b'{"before": 99999999999999999999, "broken": ' + value + b', "after": "\\ud83d\\ude00 \\\\ud83d"}'
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)
    assert parse_json(body) == {"before": 1e20, "broken": read, "after": "😀 \\ud83d"}


@pytest.mark.parametrize("levels", [1100, 20_000])
def test_a_value_nested_too_deeply_makes_no_other_unreadable(levels: int) -> None:
    parsed = parse_json(b'{"deep": ' + nested(levels) + b', "after": 5}')
    assert isinstance(parsed, dict)
    assert parsed["after"] == 5
    kept, deep = 0, parsed["deep"]
    while isinstance(deep, list) and deep:
        kept, deep = kept + 1, deep[0]
    assert 10 < kept < 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a": 5',
        b"{'a': 5}",
        b'{"a": 5}}',
        b"nil",
        b"[1,]",
        b"\xff\xfe",
        nested(2_000_000),
        b"[NaN" + b" " * 3_000_000 + b"]",
    ],
    ids=lambda body: body[:10],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_json(body)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(JSON)
def test_valid_json_is_unchanged_beside_an_invalid_value(value: JsonValue) -> None:
    body = orjson.dumps(value)
    assert parse_json(body) == value
    assert parse_json(b"[" + body + b", NaN]") == [value, None]
