"""A Home Assistant that scripts/develop has started, and a browser that looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import shutil
import subprocess
import sys
from typing import TypedDict

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect, sync_playwright
import pytest
import pytest_socket

from tests.browser.develop import REPOSITORY, Develop, free_port
from tests.browser.house import House


class Options(TypedDict):
    """How a profile differs from that of Chromium."""

    viewport: ViewportSize
    locale: str
    timezone_id: str


CHROMIUM = shutil.which("chromium")
OPTIONS: Options = {
    "viewport": ViewportSize(width=1280, height=800),
    "locale": "en-GB",
    "timezone_id": "Europe/London",
}
DEMO = "https://demo.home-assistant.io/"
"""Where the picker of cards has the picture for one of Home Assistant's own."""
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
)

# A machine that does several things at once takes its time over a page.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests run one after another in one process, also where others run in parallel: they share a start."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Develop]:
    """Run scripts/develop in a new folder until the last test has ended."""
    pytest_socket.enable_socket()
    port = free_port()
    pytest_socket.disable_socket(allow_unix_socket=True)
    develop = Develop(tmp_path_factory.mktemp("develop"), port)
    try:
        develop.start()
        yield develop
    finally:
        develop.stop()


@pytest.fixture
def page(home: Develop) -> Iterator[Page]:
    """Open a browser with an empty profile; it must not have talked to any other host in the end."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS) as browser,
        _watched(browser.new_context(base_url=home.url, **OPTIONS), home) as context,
    ):
        yield context.new_page()


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a profile that is logged in after its first use, and has Home Assistant's pages cached."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture
def house(home: Develop, profile: Path) -> Iterator[House]:
    """Have a simulated home of its own for a test; its page must not have talked to any other host in the end."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, base_url=home.url, **OPTIONS
        ) as started,
        _watched(started, home) as context,
    ):
        house = House(context.pages[0])
        yield house
        house.remove()


@pytest.fixture
def simulator_url() -> Iterator[str]:
    """Serve the simulator over HTTP, as a service that a key can be wrong for."""
    command = (sys.executable, "-m", "custom_components.amps.simulator", "--port", "0")
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own
        assert process.stdout is not None
        yield next(word for word in process.stdout.readline().split() if word.startswith("http://"))
        process.terminate()


@contextmanager
def _watched(context: BrowserContext, home: Develop) -> Iterator[BrowserContext]:
    """Note what is requested from other hosts; in the end it must have been nothing."""
    foreign: list[str] = []
    # Home Assistant fetches the pictures of other integrations from the internet when a browser asks it for them.
    context.route(lambda url: "/api/brands/" in url and "/amps/" not in url, lambda route: route.abort())
    context.route(f"{DEMO}**", lambda route: route.abort())
    # The side bar starts as icons, which leaves the dashboard room for a third column.
    context.add_init_script("localStorage.setItem('dockedSidebar', '\"auto\"')")
    context.on("request", lambda request: None if _is_local(request.url, home) else foreign.append(request.url))
    yield context
    assert foreign == []


def _is_local(url: str, home: Develop) -> bool:
    return url.startswith((home.url, "data:", "blob:", DEMO))
