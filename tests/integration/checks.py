"""What is checked in every test: that what people are shown has its text, and that our code runs in the event loop."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import partial, reduce
from typing import Any, Final

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import OptionsFlowManager
from homeassistant.core import HassJob, HassJobType
from homeassistant.data_entry_flow import FlowHandler, FlowManager, FlowResultType, section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.issue_registry import IssueEntry, IssueRegistry, async_get
from homeassistant.helpers.selector import SelectSelector
import pytest
import voluptuous as vol

from custom_components.amps.const import DOMAIN
from tests.packaging.files import Document, texts
from tests.packaging.schemas import placeholders
from tests.packaging.source import PACKAGE

type Given = Mapping[str, object] | None
"""What fills in the placeholders of a text."""


def of_error(err: HomeAssistantError) -> Iterator[str]:
    """Yield what is wrong with the text of an error."""
    if err.translation_domain == DOMAIN:
        yield from _text("exceptions", texts()["exceptions"], err.translation_key, err.translation_placeholders)


def of_issue(domain: str, translation_key: str, translation_placeholders: Given) -> Iterator[str]:
    """Yield what is wrong with the texts of a repair; those of its dialog are looked at when it is opened."""
    if domain == DOMAIN:
        shown = {key: {**said, "fix_flow": ""} for key, said in texts()["issues"].items()}
        yield from _text("issues", shown, translation_key, translation_placeholders)


def of_flow(root: str, result: Mapping[str, Any], issue: Given = None) -> Iterator[str]:
    """Yield what is wrong with the texts of what a dialog shows, or ends with; that of a repair shows what it says."""
    said = reduce(lambda document, key: document[key], root.split("."), texts())
    given = {**(issue or {}), **(result.get("description_placeholders") or {})}
    match result["type"]:
        case FlowResultType.ABORT if result.get("translation_domain") in (None, DOMAIN):
            yield from _text(f"{root}.abort", said["abort"], result["reason"], given)
        case FlowResultType.MENU:
            yield from _text(f"{root}.step", said["step"], result["step_id"], given)
            step = said["step"].get(result["step_id"], {})
            yield from _texts(f"{root}.{result['step_id']}", step, "menu_options", result["menu_options"])
        case FlowResultType.FORM:
            yield from _text(f"{root}.step", said["step"], result["step_id"], given)
            for error in (result["errors"] or {}).values():
                yield from _text(f"{root}.error", said["error"], error, given)
            step = said["step"].get(result["step_id"], {})
            yield from _fields(f"{root}.{result['step_id']}", step, result["data_schema"])


def of_job(job: HassJob[..., Any]) -> Iterator[str]:
    """Yield what Home Assistant would run in a thread, since it does not say that it runs in the event loop."""
    target: Any = job.target
    while isinstance(target, partial):
        target = target.func
    if job.job_type is HassJobType.Executor and str(getattr(target, "__module__", "")).startswith(PACKAGE):
        yield f"{target} would run in a thread"


def _text(root: str, said: Document, key: str | None, given: Given) -> Iterator[str]:
    if key is None or key not in said:
        yield f"{root}.{key} has no text"
    elif left := placeholders(" ".join(_strings(said[key]))) - (given or {}).keys():
        yield f"{root}.{key}: nothing fills in {sorted(left)}"


def _texts(root: str, said: Document, name: str, keys: Iterable[object]) -> Iterator[str]:
    for key in keys:
        if str(key) not in said.get(name, {}):
            yield f"{root}.{name}.{key} has no text"


def _fields(root: str, said: Document, schema: vol.Schema | None) -> Iterator[str]:
    for marker, value in () if schema is None else schema.schema.items():
        if isinstance(value, section):
            yield from _texts(root, said, "sections", [marker])
            yield from _fields(f"{root}.{marker}", said.get("sections", {}).get(str(marker), {}), value.schema)
            continue
        for name in ("data", "data_description"):
            yield from _texts(root, said, name, [marker])
        if isinstance(value, SelectSelector) and (key := value.config.get("translation_key")):
            options = texts()["selector"].get(key, {}).get("options", {})
            if unlike := set(value.config["options"]) ^ options.keys():
                yield f"selector.{key}: no choice, or one without a text: {sorted(map(str, unlike))}"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    else:
        yield str(value)


_HANDLE_STEP: Final = "_async_handle_step"
"""The one way to whatever a dialog shows; Home Assistant's own tests look there, too."""


@pytest.fixture(autouse=True)
def problems(monkeypatch: pytest.MonkeyPatch) -> Generator[set[str]]:
    """Yield what is wrong with what is raised, shown, and given to Home Assistant to run; a test ends without any."""
    problems: set[str] = set()
    issues_before: dict[str, IssueEntry] = {}

    def look_after(owner: type, method: str, look: Callable[..., Iterable[str]]) -> None:
        original = getattr(owner, method)

        def looked_after(self: object, *args: object, **more: object) -> object:
            result = original(self, *args, **more)
            problems.update(look(self, *args, **more))
            return result

        monkeypatch.setattr(owner, method, looked_after)

    handle_step = getattr(FlowManager, _HANDLE_STEP)

    async def look_at_step(
        manager: FlowManager[Any, Any, Any], flow: FlowHandler[Any, Any, Any], step_id: str, user_input: object
    ) -> Any:  # noqa: ANN401  whatever the dialog shows
        if isinstance(flow, RepairsFlow) and (issue := async_get(flow.hass).async_get_issue(DOMAIN, flow.issue_id)):
            issues_before.setdefault(flow.flow_id, issue)  # it may be gone at the end of its dialog
        result = await handle_step(manager, flow, step_id, user_input)
        if not type(flow).__module__.startswith(PACKAGE):
            return result
        if isinstance(flow, RepairsFlow):
            issue = issues_before[flow.flow_id]
            root = f"issues.{issue.translation_key}.fix_flow"
            problems.update(of_flow(root, result, issue.translation_placeholders))
        else:
            problems.update(of_flow("options" if isinstance(manager, OptionsFlowManager) else "config", result))
        return result

    monkeypatch.setattr(FlowManager, _HANDLE_STEP, look_at_step)
    look_after(HomeAssistantError, "__init__", lambda err, *_, **__: of_error(err))
    look_after(HassJob, "__init__", lambda job, *_, **__: of_job(job))
    look_after(
        IssueRegistry,
        "async_get_or_create",
        lambda _, domain, __, **issue: of_issue(
            domain, issue["translation_key"], issue.get("translation_placeholders")
        ),
    )
    yield problems
    assert not problems, sorted(problems)
