"""Remake the pictures of the docs: the map and a report to a partner, in the system's Chromium (``make screenshots``)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from routekaart.cli.app import run

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"


def main() -> int:
    """Draw both views of the Gelderse Vallei (Ede), and what stands about one partner, at 1280 × 860."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium found")
        return 1
    with TemporaryDirectory() as folder, sync_playwright() as play:
        out, page_file = Path(folder, "uit"), Path(folder, "kaart.html")
        run(["build", str(EXAMPLES / "gelderse-vallei"), "-o", str(out), "--no-store"])
        run(["map", str(out), "-o", str(page_file), "--gemeente", "Ede"])
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(page_file.as_uri())
        for view, name in (("Aanbod", "aanbod.png"), ("Kaart", "kaart.png")):
            page.get_by_role("tab", name=view).click()
            page.wait_for_timeout(800)
            page.screenshot(path=HERE / name)
        told = Path(folder, "partner.html")
        run(["report", str(out), "--partner", "Karakter", "-o", str(told)])
        page.goto(told.as_uri())
        page.screenshot(path=HERE / "over-u.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
