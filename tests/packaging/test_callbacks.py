"""What Home Assistant calls of ours runs in the event loop; a function that does not say so would run in a thread."""

import ast
from collections.abc import Iterator, Mapping
import inspect
import re
from typing import Final

import pytest

from .source import Call, Function, Source, name_of, parse, source

_JOBS: Final = re.compile(
    r"HassJob|async_(at_start|at_started|call_at|call_later|dispatcher_connect|listen\w*|track_\w+)"
)
"""What is given a function to call when something happens, or when a time has come."""
_TARGETS: Final[Mapping[str, int]] = {
    "HassJob": 0,
    "async_call_later": 2,
    "async_dispatcher_connect": 2,
    "async_listen": 1,
}
"""Which argument is the function."""


def in_threads(code: Source) -> list[str]:
    """Return the functions that Home Assistant would run in a thread, and those of which nobody can tell."""
    return [call.scope.where(call.node) for call in code.calls if _is_job(call) and not _is_on_loop(code, call)]


def _is_job(call: Call) -> bool:
    return _JOBS.fullmatch(call.callee) is not None


def _is_on_loop(code: Source, call: Call) -> bool:
    place = _TARGETS.get(call.callee)
    if place is None or place >= len(call.node.args):
        return False
    match call.node.args[place]:
        case ast.Call(func=ast.Name(id="callback")):
            return True
        case ast.Call(func=ast.Name(id="partial"), args=[ast.Name(id=name), *_]) | ast.Name(id=name):
            return bool(functions := _functions(code, name)) and all(map(_says_so, functions))
        case ast.Attribute(attr=name, value=ast.Name(id="self")):
            return _is_job_of(call, name) or any(_says_so(method) for method in _methods(call, name))
    return False


def _functions(code: Source, name: str) -> list[Function]:
    """Return the functions of a name, wherever they stand: none of them may run in a thread."""
    return [function for function, _ in code.functions.get(name, ())]


def _methods(call: Call, name: str) -> Iterator[Function]:
    """Return the method of a name in the class that a call stands in."""
    for node in call.scope.class_.body if call.scope.class_ else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            yield node


def _is_job_of(call: Call, name: str) -> bool:
    """Return whether an attribute is a HassJob, which is looked at where it is made."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and name_of(node.value.func) == "HassJob"
        and name in map(name_of, node.targets)
        for node in ast.walk(call.scope.class_ or ast.Module([], []))
    )


def _says_so(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) or "callback" in map(name_of, function.decorator_list)


def test_all_that_home_assistant_calls_runs_in_the_event_loop() -> None:
    assert {call.callee for call in source().calls if _is_job(call)} >= _TARGETS.keys()
    assert in_threads(source()) == []


@pytest.mark.parametrize(
    "code",
    [
        """
        class Entity:
            def added(self):
                async_dispatcher_connect(self.hass, "jumped", self._counter.jump)
        """,
        """
        class Entity:
            def added(self):
                async_call_later(self.hass, 5, self._wake)
            def _wake(self, now):
                pass
        """,
        """
        def wake(now):
            pass
        def plan(hass):
            HassJob(wake)
        """,
        """
        def plan(hass):
            hass.bus.async_listen("event", lambda event: None)
        """,
        """
        @callback
        def wake(now):
            pass
        def plan(hass):
            async_track_time_interval(hass, wake, 5)
        """,
        """
        def note(hass, event):
            pass
        def listen(hass):
            hass.bus.async_listen("event", partial(note, hass))
        """,
    ],
)
def test_what_would_run_in_a_thread_is_found(code: str) -> None:
    assert len(in_threads(Source.of([parse(inspect.cleandoc(code))]))) == 1


@pytest.mark.parametrize(
    "code",
    [
        """
        class Alarm:
            def __init__(self, hass):
                self._job = HassJob(self._go_off)
            def set(self, hass):
                async_call_later(hass, 5, self._job)
            @callback
            def _go_off(self, now):
                pass
        """,
        """
        async def note(hass, event):
            pass
        def listen(hass):
            hass.bus.async_listen("event", partial(note, hass))
            hass.bus.async_listen("event", callback(lambda event: None))
        """,
    ],
)
def test_what_runs_in_the_event_loop_is_right(code: str) -> None:
    assert in_threads(Source.of([parse(inspect.cleandoc(code))])) == []
