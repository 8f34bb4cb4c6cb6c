"""The page in a browser: what a reader does with it, and that everybody can."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.visualisations.map.page import render, write

EDE, BARNEVELD = "GM0228", "GM0203"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
#: Every state of the page that a reader can be in, by its address.
STATES = {
    "aanbod": f"#gemeente={EDE}",
    "kaart": f"#gemeente={EDE}&beeld=kaart",
    "tabel": f"#gemeente={EDE}&beeld=tabel",
    "partner": f"#gemeente={EDE}&beeld=kaart&toon=P05",
    "aanbod-details": f"#gemeente={EDE}&toon=aanbod%3AO5",
    "route-details": f"#gemeente={EDE}&beeld=tabel&toon=route%3AR1",
    "rol-details": f"#gemeente={EDE}&beeld=kaart&toon=rol%3Aschool",
    "regio": "#gemeente=*&beeld=kaart",
    "regio-aanbod": "#gemeente=*",
}
Open = Callable[..., Any]


def texts(page: Any, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).all_inner_texts()
    return found


def drawn(page: Any) -> dict[str, Any]:
    """What the canvas shows: ids of the nodes, and (from, to) of the routes."""
    found: dict[str, Any] = page.evaluate(
        "({nodes: rk.network.body.data.nodes.getIds(), edges: rk.network.body.data.edges.get().map(e => [e.from, e.to])})"
    )
    return found


def scrolled(page: Any) -> float:
    """How far the page has scrolled, once it has come to rest (two seconds at most)."""
    far, before = 0.0, -1.0
    for _ in range(40):
        if far == before and far:
            break
        page.wait_for_timeout(50)
        before, far = far, page.evaluate("scrollY")
    return far


# --- opening and choosing ---------------------------------------------------------------------------------
def test_opens_on_a_municipality_with_three_sentences_and_what_there_is(opened: Open, address: str) -> None:
    page = opened().at(address)
    assert texts(page, "#opening-name") == ["Ede"]
    assert texts(page, ".say h3") == ["Dit is er.", "Hier wordt gewacht.", "Dit weten we niet."]
    assert page.get_attribute("#tab-offers", "aria-selected") == "true"
    assert not page.is_visible("#view-map")
    assert not page.is_visible("#view-table")
    assert [t.split(" (")[0] for t in texts(page, ".level > h3")] == [
        "Gewone leven en informele steun",
        "Vrij toegankelijk en preventief",
        "Lokaal team en lichte hulp",
        "Specialistische hulp",
        "Apart: crisis en verblijf",
        "Apart: veiligheid",
    ]
    stop = page.locator(".offer", has_text="Crisisbed")
    assert "aanmeldstop" in stop.inner_text()
    old = page.locator(".offer", has_text="Behandeling angst").locator(".wait").inner_text()
    assert "verouderd: 18 weken (peildatum 8 juni 2020)" in old
    assert "Loop binnen op woensdag" in page.locator(".offer", has_text="Inloop Het Honk").inner_text()


def test_choosing_a_municipality_filters_every_view_and_the_link_says_so(opened: Open, address: str) -> None:
    page = opened().at(address)
    page.select_option("#municipality", BARNEVELD)
    assert texts(page, "#opening-name") == ["Barneveld"]
    assert f"gemeente={BARNEVELD}" in page.url
    assert "Koffieochtend" not in page.inner_text("#offers")
    page.click("#tab-table")
    # P02, P04, P05, P06, P08, P09; not the three of Ede nor its young people's work
    assert texts(page, "#table-partners .count") == ["(6 van 10)"]
    page.click("#tab-map")
    nodes = set(drawn(page)["nodes"])
    assert nodes == {"P02", "P04", "P05", "P06", "P08", "rol:huisarts", "rol:school"}
    page.select_option("#municipality", EDE)
    assert "rol:huisarts" not in drawn(page)["nodes"]
    assert ["P01", "P02"] in drawn(page)["edges"]
    page.go_back()
    assert texts(page, "#opening-name") == ["Barneveld"]


def test_a_shared_link_opens_where_it_was_made(opened: Open, address: str) -> None:
    page = opened().at(address + f"#gemeente={BARNEVELD}&beeld=kaart&toon=P05")
    assert texts(page, "#opening-name") == ["Barneveld"]
    assert page.is_visible("#view-map")
    assert texts(page, "#details-title") == ["Jeugdhulp De Brug"]
    assert page.evaluate("rk.network.getSelectedNodes()") == ["P05"]


@pytest.mark.parametrize("hash_", ["#gemeente=GM9999&beeld=x&toon=weg", "#toon=__proto__&beeld=constructor", "#%E0%A4%A"])
def test_a_broken_link_opens_the_start(opened: Open, address: str, hash_: str) -> None:
    page = opened().at(address + hash_)
    assert texts(page, "#opening-name") == ["Ede"]
    assert not page.is_visible("#details")


def test_the_whole_region_can_be_drawn_by_partner_and_by_role(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["regio"])
    assert {"P01", "P03", "P04", "rol:huisarts"} <= set(drawn(page)["nodes"])
    page.select_option("#unit", "roles")
    nodes = drawn(page)["nodes"]
    assert all(n.startswith("rol:") for n in nodes)
    assert ["rol:huisarts", "rol:soj"] in drawn(page)["edges"]


def test_kinds_of_routes_differ_by_more_than_colour(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["regio"])
    lines = page.evaluate(
        "[...document.querySelectorAll('#legend line')].map(l => l.getAttribute('stroke-dasharray') + '/' + l.getAttribute('stroke-width'))"
    )
    # verwijzing, warme overdracht, opschaling, afschaling, consultatie, melding
    assert len(set(lines)) == len(lines) == 6


# --- searching and details ------------------------------------------------------------------------------------
@pytest.mark.parametrize("asked", ["meniere", "MÉNIÈRE huis", "oude apotheek"])
def test_search_minds_no_accents_case_or_order(opened: Open, address: str, asked: str) -> None:
    page = opened().at(address)
    page.fill("#search", asked)
    assert texts(page, "#found a") == ["Huisartsenpraktijk Ménière"]
    assert page.inner_text("#live") == "1 gevonden"


def test_search_says_what_is_not_for_this_municipality(opened: Open, address: str) -> None:
    page = opened().at(address)
    page.fill("#search", "toegang")
    assert texts(page, "#found li") == ["Toegang Ede\nPartner", "Toegang Barneveld\nPartner, niet voor Ede"]
    page.fill("#search", "zzz")
    assert "Niets gevonden" in page.inner_text("#found")


def test_details_by_keyboard_alone(opened: Open, address: str) -> None:
    page = opened().at(address)
    page.focus("#search")
    page.keyboard.type("kompas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "details-title"
    panel = page.inner_text("#details")
    assert panel.startswith("Partner")
    assert "GGZ Het Kompas" in panel
    page.keyboard.press("Escape")
    assert not page.is_visible("#details")
    assert page.evaluate("document.activeElement.id") == "search"


def test_details_tell_what_is_known_and_how(opened: Open, address: str) -> None:
    page = opened().at(address + "#toon=P05")
    panel = page.inner_text("#details")
    for said in (
        "Hiervoor benaderen\nonbekend",
        "aanmeldwachttijd: 8 tot 12 weken",
        "peildatum maart 2026",
        "achteraf gemeten",
        "opschaling naar GGZ Het Kompas",
        "niet geverifieerd",
        "partners.csv, rij 6",
        "Klopt dit niet? Mail kaart@proefdal.example en noem P05",
    ):
        assert said in panel
    assert page.get_attribute("#details dd a", "href") == "https://debrug.example/jeugd"
    page.click("#details a:text('Gezinscoaching')")
    assert texts(page, "#details-title") == ["Gezinscoaching"]
    page = opened().at(address + "#toon=P02")
    panel = page.inner_text("#details")
    assert "“Wij werken aan kortere wachttijden.”" in panel
    assert "huisarts → SOJ → gemeente: totale wachttijd: uitspraak van één persoon, geen meting" in panel


def test_the_map_by_mouse(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["kaart"])
    where = page.evaluate(
        "(() => { const at = rk.network.canvasToDOM(rk.network.getPosition('P02'));"
        "const box = document.querySelector('#map canvas').getBoundingClientRect();"
        "return {x: box.x + at.x, y: box.y + at.y}; })()"
    )
    page.mouse.click(where["x"], where["y"])
    page.wait_for_selector("#details:not([hidden])")
    assert texts(page, "#details-title") == ["SOJ Proefdal"]
    assert "toon=P02" in page.url
    assert page.evaluate("rk.network.getSelectedNodes()") == ["P02"]


def test_the_map_by_keyboard(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["kaart"])
    page.focus("#map-frame")
    page.keyboard.press("ArrowDown")
    seen = set()
    for key in [
        "ArrowDown",
        "ArrowDown",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
    ]:
        page.keyboard.press(key)
        seen.add(page.inner_text("#live"))
    assert any("GGZ Het Kompas" in said and "5. Specialistisch" in said for said in seen)
    assert any("SOJ Proefdal" in said and "routes hiervandaan: 1, hiernaartoe: 1" in said for said in seen)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "details-title"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "map-frame"


def test_the_wheel_and_a_finger_on_the_map_scroll_the_page(opened: Open, address: str) -> None:
    page = opened(width=800, height=500, touch=True).at(address + STATES["kaart"])
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 200, 450)
    page.mouse.wheel(0, 200)
    assert scrolled(page) >= 150
    page.evaluate("scrollTo(0, 0)")
    touch = page.context.new_cdp_session(page)
    for kind, ys in (("touchStart", [450]), ("touchMove", range(435, 240, -15)), ("touchEnd", [])):
        for y in ys or [None]:
            points = [] if y is None else [{"x": 300, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            page.wait_for_timeout(16)
    assert scrolled(page) >= 150


def test_every_node_can_be_reached_by_arrow_keys(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["regio"])
    unreached = page.evaluate(
        """() => { const frame = document.getElementById('map-frame');
        const press = (key) => frame.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        const at = () => rk.network.getSelectedNodes()[0];
        const all = new Set(rk.network.body.data.nodes.getIds());
        press('ArrowDown');
        const ways = new Map([[at(), true]]), queue = [at()];
        const go = (id) => { rk.go({toon: ''}); rk.go({toon: id}); };
        while (queue.length) { const from = queue.shift();
          for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
            go(from); press(key); const to = at();
            if (!ways.has(to)) { ways.set(to, true); queue.push(to); } } }
        return [...all].filter((id) => !ways.has(id)); }"""
    )
    assert unreached == []


def test_nodes_stand_in_their_columns_and_do_not_overlap(opened: Open, address: str) -> None:
    page = opened().at(address + STATES["regio"])
    boxes = page.evaluate(
        "Object.fromEntries(rk.network.body.data.nodes.getIds().map(id => [id, rk.network.getBoundingBox(id)]))"
    )
    order = ["P01", "P02", "P03", "P05", "P06", "P08"]  # vindplaats … specialistisch, and safety apart
    assert [boxes[i]["left"] for i in order] == sorted(boxes[i]["left"] for i in order)
    assert len({boxes[i]["left"] for i in order}) == len(order)
    assert all(boxes["P07"]["bottom"] < boxes[i]["top"] for i in order)  # the band lies above every step
    found = sorted(boxes.items())
    for n, (one, a) in enumerate(found):
        for other, b in found[n + 1 :]:
            apart = a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]
            assert apart, (one, other)


# --- everywhere -------------------------------------------------------------------------------------------------
def test_nothing_runs_off_a_narrow_screen(opened: Open, address: str, hostile_address: str) -> None:
    """At 320 px (400% on a screen of 1280) only the canvas and the tables scroll sideways, in their frames."""
    for place in (address, hostile_address):
        window = opened(width=320, height=700)
        for state in STATES.values():
            page = window.at(place + state)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (place, state)


def test_the_table_is_there_without_scripts(opened: Open, address: str) -> None:
    page = opened(scripts=False).page
    page.goto(address)
    # Playwright's text selectors skip what stands in noscript; every row of the made-up region is there and seen
    rows = {name: page.locator(f"#rows-{name} tbody tr") for name in ("partners", "offerings", "routes", "waits")}
    assert {name: found.count() for name, found in rows.items()} == {"partners": 10, "offerings": 8, "routes": 8, "waits": 6}
    assert all(row.is_visible() for found in rows.values() for row in found.all())
    assert any(row.startswith("Huisartsenpraktijk Ménière") for row in rows["partners"].all_text_contents())
    assert any("uitspraak van één persoon, geen meting: “anderhalf jaar”" in row for row in rows["waits"].all_text_contents())
    assert page.is_visible("text=Veilig Thuis 0800-2000")
    assert not page.is_visible("#tab-map")


def test_print(opened: Open, address: str) -> None:
    for state in ("aanbod", "kaart", "tabel"):
        page = opened(width=1000, dark=True).at(address + STATES[state])
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert not page.is_visible("#municipality")
        assert not page.is_visible("#tab-map")
        assert page.is_visible("text=Veilig Thuis 0800-2000")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 29, 33)"  # ink, also from dark mode
        if state == "kaart":
            assert page.evaluate("document.querySelector('#map canvas').getBoundingClientRect().right") <= 1000
        assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")


def test_hostile_data_runs_nothing(opened: Open, hostile_address: str, hostile: Landscape) -> None:
    window = opened()
    page = window.at(hostile_address)
    ids = page.evaluate("rk.data.ids")
    for view in ("offers", "map", "table"):
        page.click(f"#tab-{view}")
    page.click("#tab-map")
    for unit in ("roles", "partners"):
        page.select_option("#unit", unit)
        for gemeente in (BARNEVELD, "*", EDE):
            page.select_option("#municipality", gemeente)
    for id_ in ids:
        page.evaluate("id => rk.go({toon: id})", id_)
    page.fill("#search", "img src")
    assert page.locator("#found a").count() > 1
    page.locator("#found a").first.click()
    assert page.is_visible("#details")
    assert page.evaluate("document.querySelectorAll('img, svg script, iframe, object, embed').length") == 0
    assert page.evaluate("typeof boom") == "undefined"


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)], ids=["light", "dark", "narrow"])
def test_accessible_in_every_state(opened: Open, address: str, dark: bool, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    window = opened(width=width, dark=dark)
    broken = {}
    for name, state in STATES.items():
        if width < 1000 and name not in ("aanbod", "kaart", "tabel", "partner"):
            continue
        page = window.at(address + state)
        if name == "aanbod":
            page.fill("#search", "e")
        found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
        if found:
            broken[name] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
    assert broken == {}, json.dumps(broken, indent=1)


def test_english_page_and_coalition_are_accessible_too(opened: Open, region: Landscape, tmp_path: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="THE MAP'S AXE TESTS DO NOT RUN: no axe").Axe()
    write(render(region, municipality=EDE, lang="en", edition="coalitie"), tmp_path / "map.html")
    page = opened().at((tmp_path / "map.html").as_uri() + "#beeld=tabel&toon=P02")
    panel = page.inner_text("#details")
    assert "Lines with other partners" in panel
    assert "Samen het gezin spreken" in panel
    assert axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"] == []
