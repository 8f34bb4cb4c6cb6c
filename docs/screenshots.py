"""Remake the pictures of the docs, one of each view, in the system's Chromium (``make screenshots``).

A picture is a line of ``SHOTS``: the name of its file, the page that it is taken of (a line of ``PAGES``), the address
within that page and what is done there first. A picture has the same size each time, and a name outside the table is no
picture of the docs. ``python docs/screenshots.py kaart route`` remakes only those.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import sync_playwright

from routekaart.cli.app import run

HERE: Final = Path(__file__).parent
EXAMPLES: Final = HERE.parent / "examples"
#: Every example that is pictured is built once.
BUILDS: Final = ("gelderse-vallei", "voorbeeldregio", "voorbeeldregio-2025")
#: The pages, each by the build that it shows and the command that makes it; {name} stands for another build.
PAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "ede": ("gelderse-vallei", ("map", "--gemeente", "Ede")),
    "elzerbroek": ("voorbeeldregio", ("map", "--gemeente", "Elzerbroek")),
    "coalitie": ("voorbeeldregio", ("map", "--gemeente", "Elzerbroek", "--weergave", "coalitie")),
    "jaren": ("voorbeeldregio", ("map", "--gemeente", "Elzerbroek", "--vergelijk", "{voorbeeldregio-2025}")),
    "rapport": ("voorbeeldregio", ("report", "--gemeente", "Elzerbroek", "--weergave", "coalitie")),
    "over-u": ("gelderse-vallei", ("report", "--partner", "Karakter")),
}
#: Pixels of a screen and of a sheet of A4 (96 to the inch).
SCREEN: Final = (1280, 860)
PAPER: Final = (794, 1123)
#: The most bytes of a picture: what a reader on a slow line should not have to wait for.
MOST: Final = 250_000


@dataclass(frozen=True)
class Shot:
    """A picture: its file, its page, the address within it, what is done first, and whether it is a print on A4."""

    name: str
    page: str
    address: str = ""
    act: Callable[[Any], None] = lambda page: None
    paper: bool = False


def to_top_of(selector: str) -> Callable[[Any], None]:
    """Scroll until what ``selector`` finds first stands at the top, with a little room above it."""
    return lambda page: page.locator(selector).first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 16)")


def group_sheet(page: Any) -> None:
    """Press the button that prints the first casus, and leave the page as it then goes to paper."""
    page.evaluate("window.print = () => {}")
    page.locator(".case-print:visible").first.click()


def suppose(page: Any) -> None:
    """Switch the first proposed routes on, and look at what they do."""
    for switch in page.locator("#whatif-proposals input").all()[:2]:
        switch.check()
    page.locator("#whatif-entries").wait_for()
    to_top_of("#whatif-result")(page)


def layers(page: Any) -> None:
    """Fold the choice of layers, so that the map stands under what its colours mean."""
    page.evaluate("document.getElementById('layers').open = false")
    to_top_of("#layer-total")(page)


SHOTS: Final = (
    Shot("aanbod", "ede", "#beeld=aanbod"),
    Shot("kaart", "ede", "#beeld=kaart", to_top_of(".tabs")),
    Shot(
        "route", "elzerbroek", "#beeld=route&van=rol:huisarts&leeftijd=14&thema=angst-en-somberheid&niveau=3", to_top_of(".tabs")
    ),
    Shot("tabel", "elzerbroek", "#beeld=tabel", to_top_of(".tabs")),
    Shot("overleg", "coalitie", "#beeld=overleg", to_top_of(".tabs")),
    Shot("lagen", "coalitie", "#beeld=kaart&niveau=3&lagen=wachttijd,voorstellen3&soort=opschaling", layers),
    Shot("hiaten", "coalitie", "#beeld=hiaten&niveau=3", to_top_of(".tabs")),
    Shot("watals", "coalitie", "#beeld=watals", suppose),
    Shot("vergelijking", "jaren", "#beeld=vergelijking", to_top_of(".tabs")),
    Shot("casus", "coalitie", "#beeld=overleg", group_sheet, paper=True),
    Shot("rapport", "rapport", paper=True),
    Shot("over-u", "over-u"),
)

# The first sheet of what goes to paper: margins as the browser prints them, and no line that does not fit as a whole.
_FIRST_SHEET: Final = """([width, height]) => {
  const margin = 34, end = height - margin;
  document.body.style.padding = `${margin}px`;
  scrollTo(0, 0);
  const cut = [...document.body.querySelectorAll("tr, li, p, h2, h3, h4, h5, dl, svg")]
    .map((e) => e.getBoundingClientRect())
    .filter((r) => r.top < end && r.bottom > end && r.height < height / 2)
    .map((r) => r.top);
  const cover = document.createElement("div");
  const top = `${Math.min(end, ...cut)}px`;
  const place = { position: "absolute", left: 0, right: 0, top, height: `${height}px`, zIndex: 9 };
  Object.assign(cover.style, place, { background: "#fff" });
  document.body.append(cover);
}"""


def taken(browser: Any, shot: Shot, file: Path) -> bytes:
    """The picture as PNG."""
    width, height = PAPER if shot.paper else SCREEN
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce", locale="nl-NL")
    page.goto(file.as_uri() + shot.address)
    page.wait_for_load_state("load")
    shot.act(page)
    if shot.paper:
        page.emulate_media(media="print")
        page.evaluate(_FIRST_SHEET, [width, height])
    page.wait_for_timeout(800)  # what is drawn on the canvas comes a moment later
    picture: bytes = page.screenshot()
    page.close()
    return picture


def main(names: list[str]) -> int:
    """Remake the pictures of ``names``, or all; 1 when there is no browser or a picture is too large."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium found")
        return 1
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    large = 0
    with TemporaryDirectory() as folder, sync_playwright() as play:
        builds = {name: str(Path(folder, name)) for name in BUILDS}
        for name, out in builds.items():
            run(["build", str(EXAMPLES / name), "-o", out, "--no-store"])
        for key in dict.fromkeys(shot.page for shot in wanted):
            build, (command, *options) = PAGES[key]
            run([command, builds[build], *(option.format(**builds) for option in options), "-o", f"{folder}/{key}.html"])
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in wanted:
            picture = taken(browser, shot, Path(folder, f"{shot.page}.html"))
            (HERE / f"{shot.name}.png").write_bytes(picture)
            large += len(picture) > MOST
            print(f"{shot.name}.png: {len(picture) / 1000:.0f} kB{' TOO LARGE' * (len(picture) > MOST)}")
        browser.close()
    return int(bool(large))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
