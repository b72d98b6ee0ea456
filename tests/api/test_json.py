"""JSON that orjson parses, and JSON that it refuses as a whole, which is parsed leniently."""

from collections.abc import Callable

from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.amps.api.json import BodyParser, JsonValue, parse_json


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


_TEXTS = st.text() | st.sampled_from(['"', "\\", ',"meta":', '\\",\\"meta\\":{}', "}", "meta", "data"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | _TEXTS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(_TEXTS, values, max_size=3),
    max_leaves=8,
)
_PIECES = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"1",
        b"NaN",
        b'"',
        b"\\",
        b" ",
        b'"a"',
        b'"meta"',
        b',"meta":',
        b'{"a":1',
        b"\xff",
    ]
)
_DOCUMENTS = st.dictionaries(st.sampled_from(["success", "data", "meta", "x"]), _VALUES).map(orjson.dumps)
_BODIES = (
    # Of an answer, in its order or in any other; cut off; with what stands before or after JSON; and not JSON at all.
    st.tuples(st.sampled_from([{"id": 1}, {"id": 2, "name": ',"meta":{}'}]), _VALUES).map(
        lambda each: orjson.dumps({"success": True, "data": {"items": [each[0]]}, "meta": each[1]})
    )
    | _DOCUMENTS
    | st.tuples(_DOCUMENTS, st.integers(0, 30)).map(lambda each: each[0][: -each[1]])
    | st.tuples(st.sampled_from([b"\xef\xbb\xbf", b" ", b""]), _DOCUMENTS, _PIECES | st.just(b"")).map(b"".join)
    | st.lists(_PIECES, max_size=12).map(b"".join)
)


def parsed_or_refused(parse: Callable[[bytes], JsonValue], body: bytes) -> tuple[JsonValue] | None:
    """Return what a body is parsed as, None if it is no JSON."""
    try:
        return (parse(body),)
    except ValueError:
        return None


@given(st.lists(_BODIES, max_size=6), st.data())
def test_a_body_after_others_is_parsed_as_if_it_were_the_first(bodies: list[bytes], data: st.DataObject) -> None:
    parser = BodyParser()
    for body in bodies:
        # The same beginning with another end is what the parser makes use of.
        start, end = body[: data.draw(st.integers(0, len(body)))], data.draw(_PIECES | _BODIES | st.just(b""))
        for each in (body, start + end, body.rpartition(b',"meta":')[0] + b',"meta":' + end, body):
            assert parsed_or_refused(parser.parse, each) == parsed_or_refused(parse_json, each)


def test_nothing_but_the_meta_of_a_repeated_body_is_parsed() -> None:
    parser = BodyParser()
    first, again, other = (
        parser.parse(b'{"success":true,"data":{"items":[{"id":%d}]},"meta":{"requestId":%d}}' % numbers)
        for numbers in ((1, 1), (1, 2), (2, 3))
    )
    assert isinstance(first, dict)
    assert isinstance(again, dict)
    assert isinstance(other, dict)
    assert again["data"] is first["data"]
    assert [each["meta"] for each in (first, again, other)] == [{"requestId": 1}, {"requestId": 2}, {"requestId": 3}]
    assert other["data"] == {"items": [{"id": 2}]}


@pytest.mark.parametrize(
    "nested",
    [
        b'{"data":{"x":1,"meta":{}}}',
        b'{"data":[{"x":1,"meta":{}}]}',
        b'{"data":{"x":1,"meta":{}},"success":true}',
        b'{"x":",\\"meta\\":{}}"}',
    ],
    ids=["at the end", "in a list", "before another", "in a text"],
)
def test_a_meta_that_is_not_that_of_the_answer_shortens_nothing(nested: bytes) -> None:
    parser = BodyParser()
    assert parser.parse(nested) == orjson.loads(nested)
    cut_off = nested.rpartition(b',"meta":')[0] + b',"meta":{}}'
    assert parsed_or_refused(parser.parse, cut_off) is parsed_or_refused(parse_json, cut_off) is None


def test_what_stands_after_the_meta_of_one_body_is_not_in_the_next() -> None:
    parser = BodyParser()
    for body in (b'{"a":1,"meta":1,"x":2}', b'{"a":1,"meta":1}', b'{"a":1,"meta":1,"x":3}', b'{"a":1,"meta":1}'):
        assert parser.parse(body) == orjson.loads(body)
