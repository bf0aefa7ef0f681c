"""WeChat's authorization pages in a real browser, and a site that wants to know who its visitor is."""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_PICTURES = Path(__file__).parents[2] / "artifacts" / "oauth_pages"
WIDTHS = (375, 1280)


@dataclass
class Site:
    """An app's own web site. `visits` are the requests of its callback, in the order they came."""

    url: str
    visits: list[str] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def callback(self) -> str:
        return f"{self.url}/callback"

    def wait(self, count: int) -> list[dict[str, str]]:
        """The queries of the callback once there are so many of them."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.visits) >= count, timeout=10), self.visits
            return [dict(parse_qsl(urlsplit(visit).query)) for visit in self.visits]


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        if self.path.startswith("/callback"):
            with self.site.arrived:
                self.site.visits.append(self.path)
                self.site.arrived.notify_all()
            # To another origin, as a single-page app with a port of its own would have it.
            self.send_response(303)
            self.send_header("Location", f"{self.site.url.replace('127.0.0.1', 'localhost')}/welcome")
            self.end_headers()
            return
        page = b"<!doctype html><link rel=icon href='data:,'><h1>Welcome</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        """Nothing to say."""


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(_Handler):
        """One site each."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Handler.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield Handler.site
        server.shutdown()
        thread.join()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        yield chromium
        await chromium.close()


Device = Callable[..., Awaitable[BrowserContext]]


@pytest.fixture
async def device(browser: Browser) -> AsyncIterator[Device]:
    """`device(width, language)`: one more browser of its own. Afterwards: none had anything to complain of."""
    complaints: list[str] = []

    async def new(width: int = 375, language: str = "en", agent: str | None = None) -> BrowserContext:
        screen: ViewportSize = {"width": width, "height": 760}
        context = await browser.new_context(viewport=screen, locale=language, user_agent=agent)
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context

    yield new
    assert complaints == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], Awaitable[None]]:
    """Keeps a screenshot as a test artefact."""

    async def keeping(page: Page, name: str) -> None:
        _PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=_PICTURES / f"{name}.png", full_page=True)

    return keeping
