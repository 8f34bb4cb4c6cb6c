"""The map page as people wait for it: from the click until it can be used, and a choice in it until it is drawn again.

python bench/page.py                      300, 500 and 2,000 partners
python bench/page.py --partners 300       may be given more than once
python bench/page.py --edition coalitie   the page of a meeting

In the system's Chromium, each time in a fresh context. Milliseconds from the start of the navigation until what is shown
has been painted; beside it an empty page in the same rounds, for a slow machine is slow for both. Rows of long tables and
the lines of a large map come after what is seen first: how long until the last of them stands on a line of its own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

import measure

sys.path.insert(0, str(measure.HERE / "maker"))

SIZES: Final = (300, 500, 2000)
EMPTY: Final = "empty page"
#: Milliseconds that were promised: what is done, at most so many partners, at most so long.
OPENS: Final = {300: 1000.0, 500: None, 2000: 2000.0}
FILTERS: Final = {300: 100.0, 500: 100.0, 2000: None}
OTHER: Final = "other municipality"
#: The views that are opened (by the address), and what is chosen in each after other municipalities, in this order: name, control, value (None: its first box is ticked or not).
CHOICES: Final[dict[str, tuple[tuple[str, str, str | None], ...]]] = {
    "aanbod": (
        ("an age", "ask-leeftijd", "14"),
        ("a theme too", "ask-thema", "opvoeden"),
        ("a level too", "ask-niveau", "1"),
        ("a letter to search by", "search", "j"),
        ("a word to search by", "search", "jeugd"),
    ),
    "kaart": (
        ("no waits but long ones", "filter-wait", "4"),
        ("any wait", "filter-wait", ""),
        ("without a kind of route", "filter-kinds", None),
        ("with it again", "filter-kinds", None),
        ("whole region by role", "municipality", "*"),
        ("all its partners", "unit", "partners"),
        ("of these, long waits", "filter-wait", "4"),
        ("of these, any wait", "filter-wait", ""),
    ),
    "tabel": (("whole region", "municipality", "*"),),
}

# The moment at which a page is ready (data-ready of start.js, or loaded where there is none) and painted.
_WATCH: Final = """window.painted = new Promise((done) => {
  const paint = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  const look = () => {
    if (!document.querySelector("script#data")) return paint();
    if (document.documentElement.dataset.ready) return paint();
    new MutationObserver((_, watch) => { watch.disconnect(); paint(); }).observe(document.documentElement, { attributeFilter: ["data-ready"] });
  };
  if (document.readyState === "complete") look(); else addEventListener("DOMContentLoaded", look);
});"""
# The moment at which nothing more comes: rows of long tables and the lines of a large map follow what is seen first.
_WHOLE: Final = """() => new Promise((done) => {
  const look = () => document.querySelector(".view:not([hidden])[aria-busy=true], .view:not([hidden]) [aria-busy=true]")
    ? setTimeout(look, 5) : requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  look();
})"""
_CHOOSE: Final = """([id, value]) => new Promise((done) => {
  const control = document.getElementById(id), start = performance.now();
  if (value === null) control.querySelector("input").click();
  else {
    control.value = value;
    control.dispatchEvent(new Event(control.type === "search" ? "input" : "change", { bubbles: true }));
  }
  const script = performance.now() - start;
  requestAnimationFrame(() => setTimeout(() => done([script, performance.now() - start, start])));
})"""


def tables(partners: int, folder: Path) -> Path:
    """The tables of a region of so many partners (of a province from 2,000 on), as the maker's sizes grow with them."""
    import plan
    from output import settings, write
    from world import benchmark

    if partners == SIZES[-1]:
        return measure.made("province", folder)
    made = plan.scale("region", 1)
    by = partners / made.partners
    sized = {name: round(getattr(made, name) * by) for name in ("regional", "offerings", "routes", "waits", "series", "lines")}
    name = f"Proefdata {partners} (fictief)"
    write(
        benchmark(replace(made, partners=partners, **sized)), {"routekaart.toml": settings(made, name, name)}, folder / "tables"
    )
    return folder / "tables"


def page_of(partners: int, edition: str, folder: Path) -> Path:
    """The page, made by the command line."""
    folder.mkdir()
    cli = (sys.executable, "-m", "routekaart.cli")
    measure.run((*cli, "build", tables(partners, folder), "-o", folder / "build", "--no-store"), fine=(0, 1))
    measure.run((*cli, "map", folder / "build", "-o", folder / "map.html", "--weergave", edition))
    return folder / "map.html"


def opened(browser: Any, address: str) -> tuple[Any, float]:
    """A page in a context of its own, and when it was painted."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce").new_page()
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="commit")
    return page, page.evaluate("painted")


def rounds(browser: Any, file: Path, empty: Path, runs: int) -> dict[str, list[float]]:
    """Milliseconds by what is done."""
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        page, took = opened(browser, empty.as_uri())
        found.setdefault(EMPTY, []).append(took)
        page.context.close()
        for view in CHOICES:
            page, took = opened(browser, f"{file.as_uri()}#beeld={view}")
            found.setdefault(f"opens: {view}", []).append(took)
            found.setdefault(f"  to the last of it: {view}", []).append(page.evaluate(_WHOLE))
            start = page.eval_on_selector("#municipality", "e => e.value")
            codes = page.eval_on_selector_all("#municipality option", "found => found.map((o) => o.value)")
            others = [(OTHER, "municipality", code) for code in codes if code not in (start, "*")][:3]
            for what, control, value in (*others, *CHOICES[view]):
                script, painted, begun = page.evaluate(_CHOOSE, [control, value])
                found.setdefault(f"{what}: {view}", []).append(painted)
                if what == OTHER:
                    found.setdefault(f"  of which script: {view}", []).append(script)
                    found.setdefault(f"  until all is there: {view}", []).append(page.evaluate(_WHOLE) - begun)
                else:
                    page.evaluate(_WHOLE)
            page.context.close()
    return found


def promised(what: str, partners: int) -> float | None:
    """The most milliseconds of what is done at this size, where any were promised."""
    kind = what.partition(":")[0]
    filters = {OTHER, *(name for choices in CHOICES.values() for name, _, _ in choices)}
    return OPENS.get(partners) if kind == "opens" else FILTERS.get(partners) if kind in filters else None


def told(partners: int, size: int, found: dict[str, list[float]]) -> list[str]:
    """Print the table of one size; what was missed."""
    bare = median(found[EMPTY])
    rows, missed = [], []
    for what, several in found.items():
        most = promised(what, partners)
        late = most is not None and median(several) >= most
        missed += [f"{what} at {partners}"] if late else []
        verdict = "" if most is None else f"< {most:.0f} ms: {'MISSED' if late else 'met'}"
        rows.append((what, measure.spread(several, 0), f"{median(several) / bare:.1f}", verdict))
    print(f"**{partners} partners** (page of {size / 1e6:.2f} MB)")
    measure.show(("what", "milliseconds", "empty pages", "target"), rows)
    print(flush=True)
    return missed


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the call, measure, and end with 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partners", type=int, choices=SIZES, action="append", help="may be given more than once (default all)")
    parser.add_argument("--edition", choices=("openbaar", "coalitie"), default="openbaar")
    parser.add_argument("--runs", type=int, default=7, help="rounds (default 7)")
    given = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium found")
    missed = []
    with tempfile.TemporaryDirectory(prefix="routekaart-bench-") as folder, sync_playwright() as play:
        empty = Path(folder, "empty.html")
        empty.write_text("<!doctype html><title>-</title>", "utf-8")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{measure.machine()}; Chromium {browser.version}; edition {given.edition}; median (least–most)\n")
        for partners in given.partners or SIZES:
            file = page_of(partners, given.edition, Path(folder, str(partners)))
            missed += told(partners, file.stat().st_size, rounds(browser, file, empty, given.runs))
        browser.close()
    if missed:
        sys.exit(f"targets missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
