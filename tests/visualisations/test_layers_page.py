"""The layers and the view Hiaten in a browser: switched on one by one, receipts, the spot, keyboard, and hostile texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest

from routekaart.graph.analyses.proposing.direct_routes import direct_routes
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading
from routekaart.visualisations.map.page import render, write

EDE = "GM0228"
ELZERBROEK = "GM9003"
LEVEL = 2
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ON = ["wachttijd", "gezinnen", "schakel", "feiten", "contacten", "voorstellen3"]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def example(voorbeeldregio: Reading) -> Landscape:
    """The example for one municipality, so that the meeting's proposals are worked out for one."""
    landscape = voorbeeldregio.landscape
    return landscape.replaced(region=landscape["region"].with_columns(municipalities=pl.lit([ELZERBROEK])))


@pytest.fixture(scope="module")
def place(example: Landscape, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("lagen") / "kaart.html"
    write(render(example, municipality=ELZERBROEK, edition="coalitie"), path)
    return path.as_uri()


@pytest.fixture(scope="module")
def small(region: Landscape, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The made-up region: every kind of wait, and few enough cells for axe to look at each of them."""
    path = tmp_path_factory.mktemp("klein") / "kaart.html"
    write(render(region, municipality=EDE, edition="coalitie"), path)
    return path.as_uri()


def drawn(page: Any, kind: str) -> list[dict[str, Any]]:
    """The lines of a kind as they stand on the canvas, with the numbers of their ends."""
    return page.evaluate(
        """kind => { const bodies = rk.network.body.data;
        return bodies.edges.get().filter(e => JSON.stringify(e.dashes) === JSON.stringify({ contact: [3, 6], voorstel: [10, 7] }[kind]))
          .map(e => ({ from: rk.number.get(e.from), to: rk.number.get(e.to), label: e.label })) }""",
        kind,
    )


def fragment(page: Any) -> dict[str, list[str]]:
    return parse_qs(page.url.partition("#")[2])


# --- layers ------------------------------------------------------------------------------------------------------------
def test_the_layer_of_waits_marks_every_partner(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart")
    page.locator("#layers > summary").click()
    page.get_by_label("wachttijd", exact=True).check()
    assert fragment(page)["lagen"] == ["wachttijd"]
    looks = page.evaluate("new Map(rk.data.layers.waiting.map(([n, look]) => [n, look])).size")
    shown = page.evaluate(
        "rk.network.body.data.nodes.get().filter(n => !n.id.startsWith('rol:')).map(n => [rk.number.get(n.id), n.borderWidth, n.label])"
    )
    assert 0 < len(shown) <= looks
    said = {n: text for n, _, text in page.evaluate("rk.data.layers.waiting")}
    for number, width, label in shown:
        assert width in (1, 1.5, 2, 2.5, 3, 4)
        # the canvas cuts what does not fit
        assert label.rpartition("\n")[2].rstrip("…") in said[number]
    assert page.locator("#layer-lists details").count() == len(shown)


def test_a_receipt_opens_to_value_date_source_file_and_row(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart&lagen=wachttijd")
    first = page.locator("#layer-lists details").filter(has_not_text="onbekend").first
    known = page.locator(f"[data-receipt={first.get_attribute('data-receipt')}]")
    known.locator("summary").focus()
    page.keyboard.press("Enter")
    known.locator("dl").first.wait_for()
    told = known.inner_text()
    assert "Peildatum" in told
    assert "wachttijden.csv" in told
    assert "rij " in told


def test_figures_of_families_say_what_they_are(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart&lagen=gezinnen")
    first = page.locator("#layer-lists details").first
    first.locator("summary").click()
    first.locator("dl").first.wait_for()
    told = first.inner_text()
    assert "berekend langs de snelste geregistreerde routes van de hele regio" in told
    assert "1 september 2026" in told
    assert "rij " in told
    # another level, other figures, and the address says so
    before = page.locator("#layer-lists").inner_text()
    page.locator("#layers > summary").evaluate("e => e.parentElement.open = true")
    page.select_option("#layer-level", "3")
    assert fragment(page)["niveau"] == ["3"]
    assert page.locator("#layer-lists").inner_text() != before


def test_proposals_go_on_one_by_one_with_their_joint_effect(opened: Open, place: str, example: Landscape) -> None:
    plan = next(level.plan for level in direct_routes(example).levels if level.level == LEVEL)
    assert len(plan) > 2
    page = opened().at(f"{place}#beeld=kaart&lagen=voorstellen&niveau={LEVEL}")
    assert drawn(page, "voorstel") == []
    assert page.locator("#layer-total").inner_text() == "Er staat geen voorstel aan."
    nodes = set(page.evaluate("rk.network.body.data.nodes.get().map(n => n.id)"))
    for n, step in enumerate(plan, 1):
        page.locator(f"#proposal-{n}").check()
        assert page.evaluate("document.activeElement.id") == f"proposal-{n}"  # the keyboard stays where it was
        total = page.locator("#layer-total").inner_text()
        weeks = "niet getoond" if step.days is None else f"{step.days / 7:.0f} weken per jaar"
        assert total.startswith(f"{n} aan. Samen minder wachten: {weeks}. ")
        here = [s for s in plan[:n] if {s.start, s.end} <= nodes]
        assert len(drawn(page, "voorstel")) == len(here)
    # taking the second off takes off what was reckoned after it
    page.locator("#proposal-2").uncheck()
    assert fragment(page)["lagen"] == ["voorstellen1"]
    assert page.locator("#layer-total").inner_text().startswith("1 aan. ")


def test_contacts_are_lines_without_a_direction(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart&lagen=contacten")
    pairs = {(a, b) for a, b in page.evaluate("rk.data.layers.contacts")}
    lines = drawn(page, "contact")
    assert lines
    assert {(line["from"], line["to"]) for line in lines} <= pairs
    assert page.evaluate("rk.network.body.data.edges.get().some(e => e.arrows && !e.arrows.to.enabled)")
    assert "niet geregistreerd:" in page.locator("#layer-lists details").first.inner_text()


def test_layers_stand_beside_the_details(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart&lagen=wachttijd")
    name = page.evaluate("rk.data.ids[rk.data.layers.waiting.find(([n, look]) => typeof look === 'number' && look > 1)[0]]")
    page.evaluate("id => rk.open(id)", name)
    assert page.locator("#details-body h3").first.inner_text() == "In de lagen"


def test_the_address_of_another_is_read_with_care(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=kaart&lagen=onzin,voorstellen99,gezinnen&plek=x~9~9999")
    assert page.evaluate("[rk.state.lagen, rk.state.plek]") == ["gezinnen", ""]


# --- gaps --------------------------------------------------------------------------------------------------------------
def test_a_cell_opens_the_map_at_its_spot(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=hiaten&niveau={LEVEL}")
    cell = page.locator("#rows-gaps td button:visible").first
    said, spot = cell.inner_text(), cell.get_attribute("data-spot")
    cell.focus()
    page.keyboard.press("Enter")
    where = fragment(page)
    assert (where["beeld"], where["plek"], where["niveau"]) == (["kaart"], [spot], [str(LEVEL)])
    assert page.evaluate("document.activeElement.id") == "spot"
    told = page.locator("#spot").inner_text()
    assert f": {said}." in told
    # what is marked is what the offering list gives for the same child
    theme, level, age = spot.split("~")
    standing = page.evaluate("slug => rk.data.layers.gaps.themes.find(t => t[0] === slug)[2] || slug", theme)
    fitting = page.evaluate("([a, t, l]) => rk.offers(0, a, t, [l]).offers.length", [int(age), standing, int(level)])
    assert page.locator("#spot li").count() == fitting
    page.get_by_role("button", name="Wis deze plek").click()
    assert not page.locator("#spot").is_visible()


def test_the_table_shows_one_level_or_all(opened: Open, place: str) -> None:
    page = opened().at(f"{place}#beeld=hiaten")
    ages = page.evaluate("rk.data.layers.gaps.ages.length")
    row = page.locator("#rows-gaps tbody tr:has(td)").first
    assert row.locator("td:visible").count() == ages
    page.select_option("#gap-level", "*")
    assert row.locator("td:visible").count() == ages * page.evaluate("rk.data.layers.levels.length")
    # no colour alone: every cell says its status
    texts = set(page.locator("#rows-gaps td").all_inner_texts())
    assert all(t.removeprefix("deels ").startswith(("weg", "langer dan norm", "aanmeldstop", "geen ")) for t in texts)


def test_without_scripts_there_are_the_tables(opened: Open, place: str) -> None:
    page = opened(scripts=False).page
    page.goto(place)
    assert page.locator("#rows-gaps td").first.is_visible()
    assert page.locator("#rows-layer-flow tbody tr").first.is_visible()
    assert page.locator("#rows-layer-proposals tbody tr").first.is_visible()


# --- everybody ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (320, False)], ids=["light", "dark", "narrow"])
def test_accessible_in_every_state(opened: Open, small: str, width: int, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    page = opened(width=width, dark=dark).at(small)
    states = [f"beeld=kaart&niveau={LEVEL}&lagen={one}" for one in ON] + [f"beeld=hiaten&niveau={LEVEL}"]
    for state in states:
        page.evaluate("hash => { location.hash = hash }", state)
        page.wait_for_function("beeld => rk.state.beeld === beeld", arg=parse_qs(state)["beeld"][0])
        page.evaluate("rk.byId('layers').open = true")
        found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == [], state
        wide = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, .map-frame') && e.getBoundingClientRect().right > innerWidth + 1)"
        assert page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 120))") == [], state
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state


def test_hostile_data_runs_nothing(opened: Open, hostile_address: str) -> None:
    one = opened()
    page = one.at(hostile_address)
    page.evaluate("window.boomed = 0; window.boom = () => { window.boomed += 1 }; null")
    for layer in ON:
        page.evaluate("lagen => rk.go({ beeld: 'kaart', lagen })", layer)
        page.evaluate("for (const d of document.querySelectorAll('.receipt')) d.open = true")
    page.evaluate("rk.go({ beeld: 'hiaten' })")
    page.locator("#rows-gaps td button").first.click()
    assert page.evaluate("window.boomed") == 0
    assert page.locator("#view-map img, #view-gaps img").count() == 0
