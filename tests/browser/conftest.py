"""A real browser on a real server with a college of its own; pictures go to ./artefacts/."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import PASSWORD, person

__all__ = ["PASSWORD", "person"]

HERE = Path(__file__).parent
ARTEFACTS = HERE.parents[1] / "artefacts"
AXE = HERE / "assets" / "axe.min.js"
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]
DESKTOP, PHONE = (1440, 900), (390, 844)


def chromium_path() -> str | None:
    """The system's Chromium, or what ZHIHENG_CHROMIUM names."""
    named = os.environ.get("ZHIHENG_CHROMIUM")
    return named or next((found for name in CANDIDATES if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a browser test; without a browser it skips, or fails where one is required."""
    here = [item for item in items if HERE in Path(str(item.fspath)).parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
    if chromium_path() is None and os.environ.get("ZHIHENG_REQUIRE_BROWSER") != "1":
        reason = "no Chromium on this machine (install one, or name it in ZHIHENG_CHROMIUM)"
        for item in here:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    path = chromium_path()
    if path is None:
        pytest.fail("ZHIHENG_REQUIRE_BROWSER=1, but there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which makes Django think that it is called from async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@dataclass
class Site:
    """The running server and the college it serves."""

    tenant: Any
    url: str


@pytest.fixture
def site(browser: Any, fresh_college: Any) -> Iterator[Site]:
    """The whole application behind waitress on a free port, on the college's own host."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from waitress.server import create_server

    application = get_wsgi_application()

    def closing(environ: Any, start_response: Any) -> Any:
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    server = create_server(closing, host="127.0.0.1", port=0, threads=4)
    stopping = threading.Event()

    def run() -> None:
        try:
            server.run()
        except Exception:
            # Closing the sockets under the loop ends it this way; anything earlier is a fault of the application.
            if not stopping.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Site(fresh_college, f"http://fresh.testserver.localhost:{server.effective_port}")
    stopping.set()
    server.close()
    thread.join(timeout=10)


@dataclass
class Visitor:
    """One person at one window; ``look`` checks and photographs what is on it."""

    page: Any
    url: str
    width: int
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        """Open an address of the college."""
        return self.page.goto(f"{self.url}{path}")

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Through the form, as people do."""
        self.go("/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main button.btn-primary")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def look(self, name: str) -> None:
        """Photograph; fail on sideways scrolling, serious findings of axe-core, script errors, refused resources."""
        self.page.wait_for_load_state("networkidle")
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}-{self.width}.png", full_page=True)
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} at {self.width}px is {wider}px too wide"
        assert self.findings() == [], f"axe-core on {name} at {self.width}px"
        assert self.complaints == [], f"console of {name} at {self.width}px"

    def findings(self) -> list[str]:
        """Serious and critical findings of axe-core, with the elements."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
        return [
            f"{one['id']}: {node['html'][:160]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """``visit(PHONE)``: a new window of that size."""
    contexts = []

    def open_window(size: tuple[int, int] = DESKTOP, *, scheme: str = "light") -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        if scheme == "dark":
            context.add_cookies([{"name": "zh_theme", "value": "dark", "url": site.url}])
        page = context.new_page()
        visitor = Visitor(page, site.url, size[0])
        page.on("console", lambda message: _note(visitor, message))
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    yield open_window
    for context in contexts:
        context.close()


def _note(visitor: Visitor, message: Any) -> None:
    """Errors count, but not the answers with a status that the test itself provokes."""
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        visitor.complaints.append(message.text)
