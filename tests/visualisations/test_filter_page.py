"""Filters of the map, and what readers take along: a sentence with its source, a picture."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

EDE = "GM0228"
Open = Callable[..., Any]


def on_canvas(page: Any) -> tuple[set[str], int]:
    nodes = page.evaluate("rk.network.body.data.nodes.get().map(n => n.id)")
    return set(nodes), page.evaluate("rk.network.body.data.edges.length")


def fragment(page: Any) -> dict[str, list[str]]:
    return parse_qs(page.url.partition("#")[2])


def test_kinds_of_routes_go_off_and_on(opened: Open, address: str) -> None:
    page = opened().at(f"{address}#gemeente={EDE}&beeld=kaart")
    page.locator("#filter > summary").click()
    everything = on_canvas(page)
    # R5 is the only afschaling: GGZ Het Kompas → Buurtgezinnen Ede
    page.get_by_label("afschaling", exact=True).uncheck()
    assert on_canvas(page) == (everything[0], everything[1] - 1)
    assert page.locator("#filter-on").inner_text() == "(niet getoond: partners 0, routes 1)"
    assert "afschaling" not in page.locator("#legend").inner_text()
    for box in page.locator("#filter-kinds input").all():
        box.uncheck()
    assert fragment(page)["soort"] == ["geen"]
    assert on_canvas(page) == (everything[0], 0)
    page.locator("#filter-clear").click()
    assert "soort" not in fragment(page)
    assert on_canvas(page) == everything


def test_unknown_is_a_wait_of_its_own(opened: Open, address: str) -> None:
    page = opened().at(f"{address}#gemeente=*&beeld=kaart")
    # of the made-up region: P05 waits 8 to 12 weeks, P06 has a stop, nothing known of the others
    for wait, expected in {"2": {"P05"}, "stop": {"P06"}, "4": set[str]()}.items():
        page.evaluate("wacht => rk.go({ wacht })", wait)
        assert on_canvas(page)[0] == expected, wait
    page.evaluate("rk.go({ wacht: 'unknown' })")
    unknown = on_canvas(page)[0]
    assert {"P01", "P02", "P07"} <= unknown
    assert not {"P05", "P06"} & unknown
    # columns that the filter leaves empty are not called "not registered"
    written = """() => { const said = new Set(), fill = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { said.add(text); return fill.call(this, text, ...rest); };
      rk.network.redraw();
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
        CanvasRenderingContext2D.prototype.fillText = fill;
        done([...said]); }))); }"""
    page.evaluate("rk.go({ wacht: 'stop' })")
    filtered = page.evaluate(written)
    assert "niets binnen het filter" in filtered
    assert "niets geregistreerd" not in filtered
    page.locator("#filter-clear").evaluate("e => e.click()")
    assert "niets binnen het filter" not in page.evaluate(written)


def test_a_filter_of_an_address_is_read_with_care(opened: Open, address: str) -> None:
    page = opened().at(f"{address}#gemeente={EDE}&beeld=kaart&soort=onzin&wacht=99")
    assert page.evaluate("[rk.state.soort, rk.state.wacht]") == ["", ""]
    page = opened().at(f"{address}#gemeente={EDE}&beeld=kaart&soort=verwijzing,onzin&wacht=stop")
    assert page.evaluate("[rk.state.soort, rk.state.wacht]") == ["verwijzing", "stop"]
    assert page.evaluate("rk.byId('filter').open")


def test_a_sentence_is_copied_with_its_source(opened: Open, address: str) -> None:
    page = opened().at(f"{address}#gemeente={EDE}&beeld=kaart&toon=P05")
    page.evaluate(
        "window.got = ''; document.addEventListener('copy', () => { window.got = String(document.activeElement.value) }); null"
    )
    # as in a browser that does not let a file write to the clipboard
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined }); null")
    page.get_by_role("button", name="Kopieer met bron").click()
    page.wait_for_function("window.got")
    said = page.evaluate("window.got")
    assert said.startswith("Jeugdhulp De Brug. Rol: jeugdhulp.")
    assert "partners.csv" in said
    assert "Routekaart Proefdal, 1 mei 2026" in said
    assert page.locator("#live").inner_text() == "Gekopieerd, met de bron erbij."
    assert page.evaluate("document.activeElement.textContent") == "Kopieer met bron"


def test_the_map_as_a_picture(opened: Open, address: str) -> None:
    page = opened().at(f"{address}#gemeente={EDE}&beeld=kaart")
    with page.expect_download() as download:
        page.locator("#picture").click()
    assert download.value.suggested_filename == "kaart-ede.png"
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert [width, height - 64] == page.evaluate("(c => [c.width, c.height])(rk.network.canvas.frame.canvas)")
    assert len(data) > 10_000  # something is drawn on it
