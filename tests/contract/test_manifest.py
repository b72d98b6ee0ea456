"""The manifest names every behaviour with the tests that hold it, and leaves no test out."""

import ast
from collections import Counter
from pathlib import Path
import re

from pydantic import ValidationError
import pytest

from .manifest import FOLDER, NOT_CONTRACT, behaviours, contract_tests, needs

_MANIFEST = behaviours()
_SECTION = re.compile(r"(?:0\.\d|[1-9]|1[0-2])(?:\.\d{1,2}){0,2}|15\.[1-4] #\d{1,2}|design \d{1,2}")
_CONTROLS = re.compile(r"api\.(?:advance|set_clock|fault|add_fault)\(|/_simulator")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENTRY = """
- id: a
  statement: Something is so.
  origin: documented
  section: "1"
  tests: [test_a.py::test_b]
"""


def test_every_behaviour_has_an_id_of_its_own() -> None:
    assert [slug for slug, count in Counter(behaviour.id for behaviour in _MANIFEST).items() if count > 1] == []
    assert [behaviour.id for behaviour in _MANIFEST if not _SLUG.fullmatch(behaviour.id)] == []


def test_every_behaviour_is_stated_in_a_sentence_of_its_own() -> None:
    statements = [behaviour.statement for behaviour in _MANIFEST]
    assert [text for text, count in Counter(statements).items() if count > 1] == []
    assert [text for text in statements if not re.fullmatch(r"\S.{10,}\.", text)] == []


def test_every_behaviour_says_where_it_comes_from() -> None:
    assert [behaviour.id for behaviour in _MANIFEST if not _SECTION.fullmatch(behaviour.section)] == []


def test_what_fills_a_gap_is_a_decision() -> None:
    ours = ("15.", "design ")
    assert [
        behaviour.id
        for behaviour in _MANIFEST
        if behaviour.section.startswith(ours) and behaviour.origin == "documented"
    ] == []


def test_every_behaviour_is_held_by_tests_that_exist() -> None:
    tests = contract_tests()
    assert [behaviour.id for behaviour in _MANIFEST if not behaviour.tests] == []
    assert [(behaviour.id, test) for behaviour in _MANIFEST for test in behaviour.tests if test not in tests] == []


def test_every_contract_test_holds_a_behaviour() -> None:
    assert contract_tests() - {test for behaviour in _MANIFEST for test in behaviour.tests} == set()


def test_use_of_clock_and_control_is_declared() -> None:
    """A test without needs runs against the hosted service, which has no control surface."""
    needed = needs()
    controlling = {
        f"{path.name}::{node.name}"
        for path in FOLDER.glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef) and _CONTROLS.search(ast.unparse(node))
    }
    assert {test for test in controlling & set(needed) if not needed[test]} == set()


def test_tests_found_are_those_that_pytest_collects(request: pytest.FixtureRequest) -> None:
    """Of the modules that this run collects as a whole, that is: it may be a run of one test."""
    collected = {
        f"{item.path.name}::{item.name.partition('[')[0]}"
        for item in request.session.items
        if item.path.parent == FOLDER and item.path.name not in NOT_CONTRACT
    }
    assert collected - contract_tests() == set()


def test_modules_about_something_else_exist() -> None:
    assert {name for name in NOT_CONTRACT if not (FOLDER / name).exists()} == set()


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("origin: documented", "origin: rumoured"),
        ("origin: documented", "needs: clock"),
        ("tests: [test_a.py::test_b]", ""),
        ("tests: [test_a.py::test_b]", "tests: test_a.py::test_b"),
        ("tests: [test_a.py::test_b]", "tests: [test_a.py::test_b]\n  needs: money"),
        ('section: "1"', "section: 6.7"),
    ],
)
def test_entry_of_another_form_is_refused(tmp_path: Path, what: str, instead: str) -> None:
    path = tmp_path / "behaviours.yaml"
    path.write_text(_ENTRY)
    assert len(behaviours(path)) == 1
    path.write_text(_ENTRY.replace(what, instead))
    with pytest.raises(ValidationError):
        behaviours(path)


def test_tests_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("class TestA:\n    def test_in_class(self): ...\nasync def test_b(): ...\n")
    (tmp_path / "helper.py").write_text("def test_not(): ...\n")
    (tmp_path / "test_client.py").write_text("def test_of_the_client(): ...\n")
    assert contract_tests(tmp_path) == {"test_a.py::test_in_class", "test_a.py::test_b"}
