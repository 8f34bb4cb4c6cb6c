"""The tables in a browser: text until a row is seen, and yet the very same rows; long lists and the library of the map wait too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.visualisations.map.page import render, write

EDE, BARNEVELD = "GM0228", "GM0203"
OFFERINGS, HERE = 700, 400
"""Of the crowded region: its offerings, and how many of them are for Ede (the rest is for Barneveld)."""
Open = Callable[..., Any]

#: Every cell as a parser of HTML reads the tables, and as the scripts do: [table, row, column, one, other] where they differ.
DIFFERENT = """() => {
  const found = [];
  let cells = 0;
  for (const source of document.querySelectorAll("#view-table noscript")) {
    const id = source.id.slice("sheet-".length), table = new DOMParser().parseFromString(source.textContent, "text/html").querySelector("table");
    [...table.tHead.rows[0].cells].forEach((cell, i) => {
      const said = rk.heading(id, rk.data.tables[id][i]);
      if (said !== cell.textContent) found.push([id, "head", i, cell.textContent, said]);
    });
    [...table.tBodies[0].rows].forEach((row, n) => [...row.cells].forEach((cell, i) => {
      const column = rk.data.tables[id][i], box = document.createElement("p");
      box.append(...rk.contents(id, n, column));
      cells += 1;
      if (rk.said(id, n, column) !== cell.textContent) found.push([id, n, column, cell.textContent, rk.said(id, n, column)]);
      if (box.innerHTML !== cell.innerHTML) found.push([id, n, column, cell.innerHTML, box.innerHTML]);
    }));
  }
  return [cells, found];
}"""
#: The first cells of the rows of a table that are in the page.
TITLES = "id => [...document.querySelectorAll(`#rows-${id} tbody tr`)].map((row) => row.cells[0].textContent)"

#: How many boxes and lines the drawing holds.
DRAWN = "[rk.network.body.nodeIndices.length, rk.network.body.edgeIndices.length]"
#: How often the library of the map was started.
STARTED = (
    "[...document.scripts].filter((s) => !s.type && s.textContent === document.getElementById('library').textContent).length"
)


def named(number: int) -> str:
    return f"Aanbod {number:03d}"


@pytest.fixture(scope="module")
def crowded(
    made: Callable[..., Landscape],
    tables: Callable[[], dict[str, list[dict[str, Any]]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of a region with more offerings of one level than any list shows at once, and 400 routes at one partner."""
    rows = tables()
    rows["offerings"] = [
        {
            "id": f"O{n:03d}",
            "name": named(n),
            "partner": "P05",
            "level": "1",
            "access": "vrij",
            "municipalities": [EDE if n < HERE else BARNEVELD],
        }
        for n in range(OFFERINGS)
    ]
    rows["partners"] += [
        {"id": f"Q{n:03d}", "name": f"Partner {n:03d}", "roles": ["jeugdhulp"], "municipalities": [EDE]} for n in range(40)
    ]
    rows["routes"] = [
        {"id": f"R{n:03d}", "from": f"Q{n % 40:03d}", "to": f"Q{(n + 1 + n // 40) % 40:03d}", "kind": "verwijzing"}
        for n in range(400)
    ]
    rows["waits"] = [row for row in rows["waits"] if row["id"] == "w1"]
    path = tmp_path_factory.mktemp("druk") / "kaart.html"
    write(render(made(rows), municipality=EDE), path)
    return path.as_uri()


def rested(page: Any) -> Any:
    """The page once nothing more comes."""
    page.wait_for_selector("[aria-busy=true]", state="detached")
    return page


# --- the same cells --------------------------------------------------------------------------------------------
def test_scripts_read_each_cell_as_the_browser_would(opened: Open, address: str, hostile_address: str) -> None:
    # rows of the made-up region by columns: partners 10 × 11, offerings 8 × 11, routes 8 × 7, waits 6 × 9
    assert opened().at(address).evaluate(DIFFERENT) == [110 + 88 + 56 + 54, []]
    # in the other edition a line, an agreement (6 columns each) and the layers too
    cells, different = opened().at(hostile_address).evaluate(DIFFERENT)
    assert different == []
    assert cells > 308 + 12


def test_data_cannot_end_what_readers_without_scripts_see(opened: Open, hostile_address: str, address: str) -> None:
    """As many elements noscript and tables with scripts and without: an end tag in a cell is text."""
    for scripts in (True, False):
        counts = []
        for place in (hostile_address, address):
            page = opened(scripts=scripts).page
            page.goto(place)
            counts.append(page.locator("#view-table noscript").count())
            assert page.locator("#view-table > section.sheet").count() == counts[-1]
        assert counts[0] >= counts[1] == 4


def test_without_scripts_every_row_is_there(opened: Open, crowded: str) -> None:
    page = opened(scripts=False).page
    page.goto(crowded)
    assert page.evaluate(TITLES, "offerings") == [named(n) for n in range(OFFERINGS)]
    assert page.locator("#rows-offerings tbody tr").last.is_visible()


# --- the rows of a municipality ------------------------------------------------------------------------------------
def test_rows_come_when_they_are_seen_and_all_of_them_come(opened: Open, crowded: str) -> None:
    page = opened().at(crowded)
    assert page.locator("#view-table table").count() == 0
    page.click("#tab-table")
    assert page.evaluate(TITLES, "offerings")[:3] == [named(0), named(1), named(2)]
    assert page.locator("#table-offerings .count").inner_text() == f"({HERE} van {OFFERINGS})"
    assert rested(page).evaluate(TITLES, "offerings") == [named(n) for n in range(HERE)]
    page.select_option("#municipality", BARNEVELD)
    assert rested(page).evaluate(TITLES, "offerings") == [named(n) for n in range(HERE, OFFERINGS)]
    page.select_option("#municipality", "*")
    assert rested(page).evaluate(TITLES, "offerings") == [named(n) for n in range(OFFERINGS)]
    assert page.locator("#table-offerings .count").inner_text() == f"({OFFERINGS})"


def test_a_long_table_is_not_filled_a_few_rows_at_a_time_however_slow_it_is(opened: Open, crowded: str) -> None:
    """Each step lays out the whole table: a step is at least an eighth of what is there."""
    page = opened().at(crowded)
    page.evaluate(
        """() => { const now = performance.now.bind(performance); let calls = 0; performance.now = () => now() + 1000 * calls++;
        window.steps = 0;
        new MutationObserver((all) => { window.steps += all.some((one) => one.target.nodeName === "TBODY" && one.addedNodes.length) ? 1 : 0; })
          .observe(document.getElementById("view-table"), { childList: true, subtree: true });
        rk.go({ gemeente: "*", beeld: "tabel" }); }"""
    )
    assert rested(page).evaluate(TITLES, "offerings") == [named(n) for n in range(OFFERINGS)]
    assert page.evaluate("document.querySelector('#rows-routes tbody').rows.length") == 400
    assert page.evaluate("steps") < 45  # of both tables: 38, and by twenty 56


def test_a_choice_during_the_filling_leaves_no_rows_of_the_one_before(opened: Open, crowded: str) -> None:
    page = opened().at(f"{crowded}#gemeente=*&beeld=tabel")
    left = page.evaluate(
        f"""() => {{ rk.go({{ gemeente: "{EDE}" }}); rk.go({{ gemeente: "{BARNEVELD}" }}); rk.go({{ beeld: "aanbod" }}); rk.go({{ beeld: "tabel" }});
        return document.querySelectorAll("#rows-offerings tbody tr").length; }}"""
    )
    assert 0 < left < OFFERINGS - HERE  # it was still being filled
    assert rested(page).evaluate(TITLES, "offerings") == [named(n) for n in range(HERE, OFFERINGS)]


def test_on_paper_every_row_is_there_at_once(opened: Open, crowded: str) -> None:
    page = opened().at(f"{crowded}#gemeente={EDE}&beeld=aanbod")
    before, after = page.evaluate(
        """() => { const rows = () => document.querySelectorAll("#rows-offerings tbody tr").length;
        rk.go({ beeld: "tabel" });
        const before = rows();
        window.dispatchEvent(new Event("beforeprint"));
        return [before, rows()]; }"""
    )
    assert before < after == HERE


def test_a_row_links_to_its_details_and_the_search_knows_rows_that_nobody_saw(opened: Open, crowded: str) -> None:
    page = opened().at(crowded)
    page.fill("#search", "aanbod 399")
    page.locator("#found a").click()
    assert page.locator("#details-title").inner_text() == named(399)
    page.keyboard.press("Escape")
    page.click("#tab-table")
    rested(page).locator("#rows-offerings tbody tr").last.locator("a").first.click()
    assert page.locator("#details-title").inner_text() == named(HERE - 1)


# --- lists, and the map --------------------------------------------------------------------------------------------
def test_a_long_list_is_made_on_asking_and_for_paper(opened: Open, crowded: str) -> None:
    page = opened().at(crowded)
    assert page.locator(".level h3 .count").all_inner_texts() == [f"({HERE})"]
    assert page.locator(".offer").count() == 10
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".offer").count() == HERE
    assert page.locator(".offer:visible").count() == 10
    page.emulate_media(media="print")
    assert page.locator(".offer:visible").count() == HERE
    page.emulate_media(media="screen")
    page.select_option("#municipality", BARNEVELD)
    assert page.locator(".offer").count() == 10
    page.locator(".level .more").click()
    names = page.locator(".offer h4").all_text_contents()
    assert names == [named(n) for n in range(HERE, OFFERINGS)]
    assert page.evaluate("document.activeElement.textContent") == named(HERE + 10)


def test_the_library_starts_with_the_first_map(opened: Open, crowded: str) -> None:
    page = opened().at(crowded)
    assert page.evaluate("typeof vis") == "undefined"
    page.click("#tab-map")
    assert page.evaluate("typeof vis") == "object"
    page.click("#tab-offers")
    page.click("#tab-map")
    assert page.evaluate(STARTED) == 1


@pytest.mark.parametrize("printing", [False, True])
def test_many_lines_come_after_the_boxes_in_sight_but_not_on_paper(opened: Open, crowded: str, *, printing: bool) -> None:
    page = opened().at(f"{crowded}#gemeente={BARNEVELD}&beeld=kaart")
    page.set_viewport_size({"width": 1280, "height": 600})
    first, boxes = page.evaluate(
        f"""([place, printing]) => {{
        if (printing) window.dispatchEvent(new Event("beforeprint"));
        rk.go({{ gemeente: place }});
        const {{ top }} = document.getElementById("map").getBoundingClientRect();
        const seen = (id) => {{ const y = top + rk.network.canvasToDOM(rk.network.getPosition(id)).y; return y > 0 && y < innerHeight; }};
        window.seen = seen;
        return [{DRAWN}, rk.network.body.nodeIndices.filter(seen).length]; }}""",
        [EDE, printing],
    )
    rested(page)
    whole = page.evaluate(DRAWN)
    in_sight = page.evaluate("rk.network.body.nodeIndices.filter(seen).length")
    assert whole[1] == 400
    assert boxes == in_sight
    assert first == whole if printing else (in_sight <= first[0] < whole[0] and first[1] == 0)


def test_what_is_chosen_is_lit_also_where_it_came_later(opened: Open, crowded: str) -> None:
    """A partner that is out of sight, and its lines: chosen before they are there, they look as when chosen after."""
    looks = f"""() => {{ const shown = (ids, all) => ids.map((id) => {{ const o = all[id].options; return [id, o.opacity ?? o.color.opacity, o.label]; }}).sort();
        const {{ body }} = rk.network;
        return [{DRAWN}, rk.network.getSelection(), shown(body.nodeIndices, body.nodes), shown(body.edgeIndices, body.edges)]; }}"""
    page = opened().at(f"{crowded}#gemeente={EDE}&beeld=kaart")
    page.set_viewport_size({"width": 1280, "height": 600})
    before = rested(page).evaluate(looks)
    last = page.evaluate(
        "rk.network.body.nodeIndices.reduce((a, b) => (rk.network.getPosition(a).y > rk.network.getPosition(b).y ? a : b))"
    )
    page.evaluate("id => rk.go({ toon: id })", last)
    after = rested(page).evaluate(looks)
    assert after[1]["nodes"] == [last]
    assert len(after[1]["edges"]) >= 10
    assert before[2:] != after[2:]
    there = page.evaluate(
        f"""id => {{ rk.go({{ gemeente: "{BARNEVELD}" }}); rk.go({{ gemeente: "{EDE}" }});
        return rk.network.body.nodeIndices.includes(id); }}""",
        last,
    )
    assert not there
    assert rested(page).evaluate(looks) == after


def test_what_was_shown_before_is_gone(opened: Open, crowded: str) -> None:
    page = opened().at(f"{crowded}#gemeente={EDE}&beeld=tabel")
    tables = rested(page).locator("#view-table table").count()
    visible, held = page.evaluate(
        f"""() => {{ rk.go({{ gemeente: "{BARNEVELD}" }}); const all = [...document.querySelectorAll("#view-table table")];
        return [all.filter((table) => table.parentElement.offsetHeight).length, document.querySelectorAll("#rows-offerings").length]; }}"""
    )
    assert (visible, held) == (tables, 1)
    page.wait_for_function("n => document.querySelectorAll('#view-table table').length === n", arg=tables)


def test_the_page_of_a_crowded_region_is_still_small_in_elements(opened: Open, crowded: str) -> None:
    """What opening costs grows with what is seen, not with what there is: 700 offerings, 50 partners, 400 routes."""
    assert opened().at(crowded).evaluate("document.querySelectorAll('*').length") < 1000
