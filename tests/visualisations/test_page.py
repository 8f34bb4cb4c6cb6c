"""The page as text: what may be in it, what is in it, and that it is the same each time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import TABLES
from routekaart.loaders.read import read
from routekaart.visualisations.embed import SCRIPTS
from routekaart.visualisations.map.page import render, write

EDE, BARNEVELD = "GM0228", "GM0203"
ATTACK_END = "&lt;b&gt; \u2028\u2029\\"
SHEETS = {"partners": 10, "offerings": 8, "routes": 8, "waits": 6}
"""Rows of the made-up region (conftest), counted by hand; of the seven waits w2 is replaced by w1."""


class Parsed(HTMLParser):
    """Elements with their attributes and text, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.rows: dict[str, list[list[str]]] = {}
        self._open: str | None = None
        self._table: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag in ("script", "style", "title", "h1"):
            self._open = tag
            self.texts.setdefault(tag, []).append("")
        if tag == "table":
            self._table = (found["id"] or "").removeprefix("rows-")
            self.rows[self._table] = []
        if self._table and tag == "tr":
            self.rows[self._table].append([])
        if self._table and tag in ("td", "th"):
            self.rows[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = None if tag == self._open else self._open
        self._table = None if tag == "table" else self._table

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open][-1] += data
        elif self._table and self.rows[self._table] and self.rows[self._table][-1]:
            self.rows[self._table][-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def html(region: Landscape) -> str:
    return render(region, municipality=EDE)


@pytest.fixture(scope="module")
def parsed(html: str) -> Parsed:
    return Parsed(html)


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def rows_of(parsed: Parsed) -> dict[str, list[list[str]]]:
    """The rows under the headings."""
    return {name: rows[1:] for name, rows in parsed.rows.items()}


# --- nothing from elsewhere, nothing that runs ----------------------------------------------------------
@pytest.mark.parametrize("edition", ["openbaar", "coalitie"])
@pytest.mark.parametrize("which", ["region", "hostile"])
def test_nothing_is_loaded_and_only_partners_own_links_lead_out(which: str, edition: str, request: pytest.FixtureRequest) -> None:
    parsed = Parsed(render(request.getfixturevalue(which), edition=edition))
    assert [a for _, a in parsed.elements if "src" in a or "srcset" in a or "action" in a] == []
    for tag, attributes in parsed.elements:
        href = attributes.get("href")
        if href and not href.startswith(("#", "data:,")):
            assert tag == "a"
            assert re.fullmatch(r"https?://[a-z0-9.-]+(/[^\"'<>\s]*)?", href)
            assert attributes["rel"] == "noopener noreferrer"


def test_a_partners_website_is_a_link_only_when_it_is_a_web_address(parsed: Parsed) -> None:
    hrefs = [a["href"] or "" for a in parsed.all("a")]
    assert "https://debrug.example/jeugd" in hrefs
    assert not any("javascript" in href for href in hrefs)
    assert "javascript:alert(1)" in {cell for row in rows_of(parsed)["partners"] for cell in row}  # as text


@pytest.mark.parametrize("edition", ["openbaar", "coalitie"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_text_from_cells_stays_text(hostile: Landscape, region: Landscape, edition: str, lang: str) -> None:
    html = render(hostile, edition=edition, lang=lang)
    attacked, clean = Parsed(html), Parsed(render(region, edition=edition, lang=lang))
    kinds = {name for name, _ in clean.elements}
    assert {name for name, _ in attacked.elements} == kinds  # no img, svg, textarea …
    for tag in ("script", "style", "h1", "title", "meta", "link", "table", "section"):
        assert len(attacked.all(tag)) == len(clean.all(tag))
    known = {attribute for _, found in clean.elements for attribute in found}
    assert {attribute for _, found in attacked.elements for attribute in found} <= known
    assert all("boom" not in text for text in attacked.texts["script"] if not text.startswith("{"))
    # and it is all there: the attack ends every hostile cell
    cells = [cell for rows in rows_of(attacked).values() for row in rows for cell in row]
    assert sum(ATTACK_END in cell for cell in cells) > 100


def test_data_in_the_page_holds_no_markup(hostile: Landscape) -> None:
    html = render(hostile, edition="coalitie")
    text = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert text
    assert not set(text[1]) & set("<>&\u2028\u2029")
    assert data_of(html)["lang"] == "nl"


def test_policy_allows_exactly_what_is_there(html: str, parsed: Parsed) -> None:
    policies = [a["content"] or "" for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    rules = {rule.split()[0]: rule.split()[1:] for rule in policies[0].split(";")}
    assert rules["default-src"] == ["'none'"]
    assert "unsafe" not in policies[0]
    types = [a.get("type") for a in parsed.all("script")]
    scripts = [t for t, kind in zip(parsed.texts["script"], types, strict=True) if kind != "application/json"]
    assert len(scripts) == len(SCRIPTS) + 2  # what runs in the head, and the library of the map

    def hashes(texts: list[str]) -> list[str]:
        return [f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in texts]

    assert rules["script-src"] == hashes(scripts)
    assert rules["style-src"] == hashes(parsed.texts["style"])
    assert not [a for _, a in parsed.elements if "style" in a or any(name.startswith("on") for name in a)]
    assert html.index("Content-Security-Policy") < html.index("<script")


def test_scripts_make_no_markup_and_ask_for_nothing() -> None:
    for path in Path(str(files("routekaart.visualisations"))).joinpath("static").glob("*.js"):
        source = path.read_text("utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "fetch(",
            "XMLHttp",
            "http://www.",
        ):
            assert word not in source.replace("http://www.w3.org/2000/svg", ""), f"{path.name}: {word}"


def test_vendored_library_is_the_one_the_readme_names() -> None:
    vendor = files("routekaart.visualisations").joinpath("static", "vendor")
    readme = vendor.joinpath("README.md").read_text("utf-8")
    assert hashlib.sha256(vendor.joinpath("vis-network.min.js").read_bytes()).hexdigest() in readme
    assert all(vendor.joinpath(name).is_file() for name in ("LICENSE-APACHE-2.0", "LICENSE-MIT"))


# --- the same each time -------------------------------------------------------------------------------------
def test_same_input_same_bytes(tables: Callable[[], dict[str, Any]], made: Callable[[Any], Landscape], html: str) -> None:
    reversed_rows = {name: rows[::-1] for name, rows in tables().items()}
    for name, rows in tables().items():  # a row keeps its address in the file
        for number, row in enumerate(rows, 2):
            row.setdefault("row", number)
        reversed_rows[name] = rows[::-1]
    assert render(made(reversed_rows), municipality=EDE) == html


def test_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]);"
        "from importlib.util import spec_from_file_location as spec, module_from_spec as make;"
        "s = spec('regions', sys.argv[2]); m = make(s); s.loader.exec_module(m);"
        "from routekaart.visualisations.map.page import render;"
        "print(hashlib.sha256(render(m.landscape_of(m._tables()), edition='coalitie').encode()).hexdigest())"
    )
    root = Path(str(files("routekaart"))).parent
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(root), str(Path(__file__).with_name("conftest.py"))],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_writing_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kaart.html"
    write("eerste “é”\n", path)
    assert path.read_bytes() == "eerste “é”\n".encode()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write("tweede", path)
    assert path.read_text("utf-8") == "eerste “é”\n"
    assert [p.name for p in tmp_path.iterdir()] == ["kaart.html"]


# --- what it says --------------------------------------------------------------------------------------------
def test_tables_hold_everything(region: Landscape, parsed: Parsed) -> None:
    rows = rows_of(parsed)
    assert {name: len(found) for name, found in rows.items()} == SHEETS
    for table, column in (("partners", "name"), ("offerings", "name")):
        assert [row[0] for row in rows[table]] == region[table][column].to_list()
    text = "\n".join("|".join(row) for row in rows["waits"])
    for said in (
        "8 tot 12 weken|maart 2026, 1 maand oud|actueel",
        "verouderd: 18 weken|8 juni 2020, 5 jaar oud|verouderd",
        "aanmeldstop|april 2026, minder dan een maand oud|actueel",
        "uitspraak van één persoon, geen meting: “anderhalf jaar”|februari 2026, 2 maanden oud|uitspraak, geen meting",
        "onbekend|april 2026, minder dan een maand oud|actueel",
    ):
        assert said in text
    assert "20 weken|januari 2025" not in text
    assert "huisarts → SOJ → gemeente" in text


def test_opening_sentences(html: str) -> None:
    ede, barneveld = sorted(data_of(html)["municipalities"], key=lambda m: m["code"], reverse=True)
    # Ede: O1 … O6 (O7 is safety and stands apart, O8 ended in 2024); partners P05, P06, P07, 01234567
    assert ede["sentences"][0] == (
        "In Ede is geregistreerd: 6 vormen van aanbod van 4 partners. "
        "Daarvan zijn er 3 vrij toegankelijk: een gezin kan er zelf terecht."
    )
    # O4 has its partner's wait; O6 is closed
    assert ede["sentences"][1] == (
        "Bij 1 van de 6 wordt volgens een actuele opgave gewacht, oplopend tot 12 weken. Bij 1 geldt een aanmeldstop."
    )
    # unknown O1, O2, O3; outdated O5; ages known of O3 only; school is a role nobody is known to hold
    assert ede["sentences"][2] == (
        "Van 3 is de wachttijd onbekend. Van 1 is de wachttijd verouderd. Van 5 is de leeftijd niet geregistreerd. "
        "Niet bij naam bekend: school."
    )
    assert barneveld["sentences"][2].endswith("Niet bij naam bekend: huisarts, school.")


def test_offers_go_from_light_to_heavy_and_safety_stands_apart(html: str) -> None:
    data = data_of(html)
    ede = next(m for m in data["municipalities"] if m["code"] == EDE)
    groups = [(heading, [data["ids"][n] for n in flat[::4]]) for heading, flat in ede["groups"]]
    assert groups == [
        ("gewone leven en informele steun", ["aanbod:O1", "aanbod:O2"]),
        ("vrij toegankelijk en preventief", ["aanbod:O3"]),
        ("lokaal team en lichte hulp", ["aanbod:O4"]),
        ("specialistische hulp", ["aanbod:O5"]),
        ("Apart: crisis en verblijf", ["aanbod:O6"]),
        ("Apart: veiligheid", ["aanbod:O7"]),
    ]
    said = [data["strings"][flat[i + 2]] for _, flat in ede["groups"] for i in range(0, len(flat), 4)]
    assert said == [
        "onbekend",
        "onbekend",
        "onbekend",
        "8 tot 12 weken (peildatum maart 2026)",
        "verouderd: 18 weken (peildatum 8 juni 2020)",
        "aanmeldstop (peildatum april 2026)",
        "onbekend",
    ]


def test_frame(html: str, region: Landscape) -> None:
    parsed = Parsed(html)
    assert parsed.texts["title"] == ["Routekaart Proefdal"]
    assert parsed.texts["h1"] == ["Routekaart Proefdal"]
    assert parsed.all("html")[0]["lang"] == "nl"
    assert Parsed(render(region, lang="en")).all("html")[0]["lang"] == "en"
    assert "Deze kaart gaat over vinden en wachten, niet over besparen. Zorgen worden serieus genomen." in html
    assert "112" in html
    assert "Veilig Thuis 0800-2000" in html
    assert "Fictief:" in html


def test_fictional_is_said_only_of_what_is(tables: Callable[[], dict[str, Any]], made: Callable[[Any], Landscape]) -> None:
    rows = tables()
    rows["region"][0]["name"] = "Proefdal"
    assert "Fictief:" not in render(made(rows))


def test_opens_on_the_municipality_asked_for_else_the_first_by_name(region: Landscape) -> None:
    assert data_of(render(region))["start"] == BARNEVELD
    assert data_of(render(region, municipality=EDE))["start"] == EDE


@pytest.mark.parametrize(
    ("choice", "cure"),
    [
        ({"municipality": "GM9999"}, "GM0203, GM0228"),
        ({"lang": "fr"}, "nl or en"),
        ({"edition": "x"}, "openbaar or coalitie"),
    ],
)
def test_a_choice_that_is_not_there_names_those_that_are(region: Landscape, choice: dict[str, str], cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        render(region, **choice)


def test_lines_and_agreements_are_for_the_coalition_only(region: Landscape) -> None:
    public, coalition = render(region), render(region, edition="coalitie")
    for said in ("elke maand", "Samen het gezin spreken", "rows-lines"):
        assert said not in public
        assert said in coalition


def test_counts_of_families_leave_no_trace_in_public(
    tables: Callable[[], dict[str, Any]], made: Callable[[Any], Landscape]
) -> None:
    counted = render(made(tables()))
    rows = tables()
    for row in (*rows["routes"], *rows["offerings"]):
        row["per_year" if "from" in row else "inflow_per_year"] = None
    rows["demand"], rows["outflow"] = [], []
    del rows["demand"], rows["outflow"]
    assert render(made(rows)) == counted


EXAMPLES = sorted(p.name for p in Path(str(files("routekaart"))).joinpath("examples").iterdir() if (p / "partners.csv").is_file())


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_in_their_tables_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routekaart.visualisations.meeting.content.MOST", 0)  # proposals of the municipality opened on alone
    landscape = read(Path(str(files("routekaart"))) / "examples" / name).landscape
    html = render(landscape, edition="coalitie")
    found = {table: len(rows) for table, rows in rows_of(Parsed(html)).items() if table in TABLES}
    # a wait that a newer one replaces is counted, not shown
    told = {table: landscape[table].height for table in found} | {"waits": landscape.without_superseded_waits()["waits"].height}
    assert found == told
    left = landscape["waits"].height - told["waits"]
    assert (f"Niet in deze tabel: {left} eerdere wachttijden" in html) == bool(left)
    assert list(found) == ["partners", "offerings", "routes", "waits", "lines", "agreements"]
    assert len(data_of(html)["municipalities"]) == len(landscape.region_municipalities)


def test_a_region_of_partners_alone_can_be_drawn(made: Callable[[Any], Landscape]) -> None:
    html = render(
        made(
            {
                "partners": [{"id": "P1", "name": "Alleen", "roles": None}],
                "region": [{"id": "r", "reference_date": "2026"}],
            }
        )
    )
    assert rows_of(Parsed(html))["partners"][0][0] == "Alleen"
