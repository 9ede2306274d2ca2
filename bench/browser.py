"""The map in Chromium: how soon everybody stands on it, and how long frames take as it moves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from bench.report import Result

CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1440, "height": 900}
SOON_S, FRAME_S = 1.5, 1 / 30
ZOOMS = {"everybody": None, "a town": 12, "some streets": 15}
FRAMES = """async (zoom) => {
  const map = document.getElementById("chart").map;
  if (zoom) map.setView([17.06, -96.72], zoom, { animate: false });
  await new Promise((go) => setTimeout(go, 1500));
  const times = [];
  let last = performance.now();
  for (let n = 0; n < 120; n += 1) {
    map.panBy([n < 60 ? 12 : -12, n % 3], { animate: false });
    await new Promise((go) => requestAnimationFrame(go));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  return [times[60], times[114]];
}"""


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are no news."""


def in_browser(client: Client, many: int) -> Iterator[Result]:
    """Nothing where there is no browser."""
    if not Path(CHROMIUM).exists():
        return
    with _server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
        key = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": url}])
        page = context.new_page()
        _first_paint(page, url)
        seconds = sorted(_first_paint(page, url) for _ in range(5))[2]
        yield Result(f"map of {many:,} drawn, from the click", seconds, SOON_S, "a goal", 1.0)
        for what, zoom in ZOOMS.items():
            middle, worst = page.evaluate(FRAMES, zoom)
            note = f"19 of 20 within {worst:.0f} ms"
            yield Result(f"  a frame while it moves, {what}", middle / 1000, FRAME_S,
                         "30 frames a second", 1.0, note)  # fmt: skip
        browser.close()


def _first_paint(page: Page, url: str) -> float:
    """Seconds from the request until pins or cells stand on the map."""
    page.goto(f"{url}/map/", wait_until="commit")
    page.wait_for_selector("#chart[data-drawn]", state="attached")
    return float(page.evaluate("performance.now()")) / 1000


@contextmanager
def _server() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
