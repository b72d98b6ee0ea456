"""The tracer follows a key to its words, and says so when it cannot."""

import inspect

import pytest

from custom_components.amps.const import DOMAIN

from .files import INTEGRATION
from .source import Source, UntraceableError, parse


def traced(code: str) -> set[str]:
    """Return the strings that reach the key of error() in a piece of code."""
    found = Source.of([parse(inspect.cleandoc(code))])
    return {
        string
        for call in found.calls_of("error")
        for string in found.strings(call.keyword("translation_key"), call.scope)
    }


@pytest.mark.parametrize(
    "code",
    [
        """
        error(translation_key="one" if rich else ("two" or None))
        """,
        """
        def refuse(key):
            error(translation_key=key)
        refuse("one")
        refuse(key="two")
        """,
        """
        class Refusal:
            def __init__(self, key="one"):
                error(translation_key=key)
        Refusal()
        Refusal("two")
        """,
        """
        def refuse(err):
            key = "one"
            match err:
                case Late():
                    key = "two"
            error(translation_key=key)
        """,
        """
        def key_of(err, fallback):
            if err:
                return "one"
            return fallback
        def refuse(err):
            if own := key_of(err, "two"):
                error(translation_key=own)
        """,
        """
        class Objection:
            key: str
        def find():
            return [Objection(key="one"), Objection(key="two")]
        def refuse(objection):
            error(translation_key=objection.key)
        """,
        """
        def refuse(errors):
            for key in {"base": "one", **errors}.values():
                error(translation_key=key)
        refuse(dict(base="two") or {"base": "two"})
        """,
        """
        def refuse():
            keys = {}
            keys["a"] = "one"
            keys["b"] = "two"
            error(translation_key=next((keys[name] for name in keys), None))
        """,
    ],
)
def test_a_key_is_followed_to_its_words(code: str) -> None:
    assert traced(code) == {"one", "two"}


@pytest.mark.parametrize(
    "code",
    [
        'error(translation_key=f"{kind}_error")',
        "error(translation_key=somebody.elses())",
        "def refuse(key): error(translation_key=key)",
    ],
)
def test_a_key_that_is_made_otherwise_is_reported(code: str) -> None:
    with pytest.raises(UntraceableError):
        traced(code)


def test_a_constant_of_the_module_is_looked_up_at_run_time() -> None:
    found = Source.of([parse("error(translation_key=DOMAIN)", INTEGRATION / "const.py")])
    (call,) = found.calls_of("error")
    assert found.strings(call.keyword("translation_key"), call.scope) == {DOMAIN}
