"""The parts of the page: words, places, the graph model and the catalogue behind them."""

from __future__ import annotations

import random
import re
from importlib.resources import files
from pathlib import Path

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.graph.waiting import Wait
from routekaart.ontology.catalogue import LANGUAGES, sentences
from routekaart.visualisations.drawing.content import drawing
from routekaart.visualisations.drawing.layout import Spot, columns, home, placed
from routekaart.visualisations.drawing.network import DuplicateError, model
from routekaart.visualisations.map.local import local
from routekaart.visualisations.material import Material
from routekaart.visualisations.sheets.tables import COLUMNS
from routekaart.visualisations.telling import safe_link
from routekaart.visualisations.wording import Wording

NL, EN = Wording("nl"), Wording("en")
EDE, BARNEVELD = "GM0228", "GM0203"


# --- words ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (48, 144, "4 t/m 11 jaar"),
        (0, 216, "0 t/m 17 jaar"),
        (None, 216, "0 t/m 17 jaar"),
        (48, None, "vanaf 4 jaar"),
        (48, 60, "4 jaar"),
        (30, 48, "vanaf 30 maanden tot 4 jaar"),
        (30, None, "vanaf 30 maanden"),
        (None, None, "onbekend"),
    ],
)
def test_ages(low: int | None, high: int | None, said: str) -> None:
    assert NL.ages(low, high) == said


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026", "2026"),
        ("2026-03", "maart 2026"),
        ("2020-06-08", "8 juni 2020"),
        (None, "onbekend"),
        ("2026-19", "2026-19"),
    ],
)
def test_dates(iso: str | None, said: str) -> None:
    assert NL.date(iso) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (56.0, 56.0, "8 weken"),
        (7.0, 7.0, "1 week"),
        (56.0, 84.0, "8 tot 12 weken"),
        (10.5, 10.5, "1,5 weken"),
        (56.0, None, "8 weken of langer"),
        (0.0, 0.0, "geen wachttijd"),
        (None, None, "onbekend"),
    ],
)
def test_weeks(low: float | None, high: float | None, said: str) -> None:
    assert NL.weeks(low, high) == said


@pytest.mark.parametrize(
    ("wait", "nl", "en"),
    [
        (Wait("totaal", 14.0, 98.0, 182.0, assumed=True), "onbekend", "unknown"),
        (
            Wait("totaal", 14.0, 98.0, 182.0, assumed=True, outdated=True, written="18 weken", as_of="2020-06"),
            "verouderd: 18 weken (peildatum juni 2020)",
            "outdated: 18 weken (as of June 2020)",
        ),
        (
            Wait("totaal", closed=True, as_of="2026-04"),
            "aanmeldstop (peildatum april 2026)",
            "closed for applications (as of April 2026)",
        ),
        (Wait("totaal", 14.0, 14.0, 14.0, as_of="2026"), "2 weken (peildatum 2026)", "2 weeks (as of 2026)"),
        (
            Wait("totaal", 14.0, 14.0, 14.0, derived=True),
            "2 weken, voor de rol en niet voor deze partner",
            "2 weeks, for the role and not for this partner",
        ),
    ],
)
def test_waits(wait: Wait, nl: str, en: str) -> None:
    """Unknown is never a number, outdated always says so, a stop is no number."""
    assert (NL.wait(wait), EN.wait(wait)) == (nl, en)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://voorbeeld.nl", "https://voorbeeld.nl"),
        ("HTTP://voorbeeld.nl/a?b=c&d#e", "HTTP://voorbeeld.nl/a?b=c&d#e"),
        ("www.voorbeeld.nl", "https://www.voorbeeld.nl"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://www.voorbeeld.nl/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("https://", None),
        ("https://localhost", None),
        ("https://naam:wachtwoord@voorbeeld.nl", None),
        ("https://voorbeeld.nl\\@kwaad.nl", None),
        ("https://voorbeeld.nl/\u202egpj", None),
        ("https://voorbeeld.nl/a b", None),
        ("https://[::1", None),
        ("https://voorbeeld.nl:99999", None),
        ("//voorbeeld.nl", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: str | None) -> None:
    assert safe_link(url) == link


# --- places ----------------------------------------------------------------------------------------------
def test_columns_stand_in_route_order() -> None:
    assert columns() == (
        "vindplaats",
        "huisartsenpraktijk",
        "toegang",
        "hulp",
        "specialistisch",
        "gedwongen-kader",
    )


def test_a_partner_stands_under_its_first_role_that_is_on_the_map(region: Landscape) -> None:
    assert home(region.roles, ["coalitie", "lokaal-team", "huisarts"]) == ("vindplaats", "huisarts")
    assert home(region.roles, ["inkoop", "welzijn"]) == ("gewone-leven", "welzijn")
    assert home(region.roles, ["coalitie"]) == ("geen", "")
    assert home(region.roles, None) == ("geen", "")
    assert home(region.roles, ["onzin"]) == ("geen", "")


def test_places_do_not_depend_on_the_order_of_the_input(region: Landscape) -> None:
    names = [f"n{i}" for i in range(30)]
    spots = [Spot(n, columns()[i % 3], ("huisarts", "soj", "gemeente")[i % 3]) for i, n in enumerate(names)]
    edges = [(names[i], names[(i * 7 + 1) % 30]) for i in range(30)]
    once = {s.id: (s.x, s.y) for s in placed(spots, edges, region)}
    shuffled = spots[:]
    random.Random(1).shuffle(shuffled)
    assert {s.id: (s.x, s.y) for s in placed(shuffled, edges, region)} == once
    assert len(set(once.values())) == 30  # nothing on top of something else


def test_connected_partners_come_next_to_each_other(region: Landscape) -> None:
    """Four pairs, named so that the order by name crosses every line; barycentre order crosses none."""
    left = [Spot(f"a{i}", "vindplaats", "huisarts") for i in range(4)]
    right = [Spot(f"b{i}", "toegang", "gemeente") for i in range(4)]
    edges = [(f"a{i}", f"b{3 - i}") for i in range(4)]
    order = {s.id: s.order for s in placed([*left, *right], edges, region)}
    crossings = sum(
        (order[a] - order[c]) * (order[b] - order[d]) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[i + 1 :]
    )
    assert crossings == 0


def test_ordinary_life_is_a_band_and_coalitions_are_not_drawn(region: Landscape) -> None:
    nodes = {n["id"]: n for n in drawing(Material(region, NL, "openbaar"))["nodes"]}
    assert nodes["P07"]["group"] == "gewone-leven"
    assert nodes["aanbod:O2"]["group"] == "gewone-leven"  # nobody runs it
    assert nodes["P08"]["group"] == "apart"
    assert nodes["rol:school"]["placeholder"] == 1
    assert "P09" not in nodes
    # what is registered now of the partner and its offerings; nothing where nothing is registered
    subs = {i: nodes[i].get("sub") for i in ("P05", "P06", "P07", "P01")}
    assert subs == {"P05": "8 tot 12 weken", "P06": "aanmeldstop", "P07": "onbekend", "P01": None}


def test_role_routes_go_to_who_holds_the_role_else_to_one_placeholder(region: Landscape) -> None:
    material = Material(region, NL, "openbaar")
    ede, barneveld = local(material, EDE), local(material, BARNEVELD)
    # R4 is for Ede only; R7 and P01 are not in Barneveld; R8 starts at a partner that is not drawn
    assert set(ede.edges) == {
        ("P01", "P02", "R1"),
        ("P02", "P03", "R2"),
        ("P03", "P05", "R3"),
        ("P05", "P06", "R4"),
        ("P06", "P07", "R5"),
        ("rol:school", "P08", "R6"),
        ("P01", "P06", "R7"),
        ("P09", "P05", "R8"),
    }
    assert set(barneveld.edges) == {
        ("rol:huisarts", "P02", "R1"),
        ("P02", "P04", "R2"),
        ("rol:school", "P08", "R6"),
        ("P09", "P05", "R8"),
    }


# --- colours -------------------------------------------------------------------------------------------------
def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_what_is_drawn_on_the_canvas_can_be_read(scheme: int) -> None:
    """axe does not look into a canvas: text 4.5 to 1, lines 3 to 1 on everything they can lie on."""
    css = files("routekaart.visualisations").joinpath("static", "app.css").read_text("utf-8")
    blocks = re.findall(r":root[^{]*\{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[0]))
    if scheme:
        colours.update(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[1]))
    nodes = [*columns(), "gewone-leven", "apart"]
    poor = {
        (front, back): round(_contrast(colours[front], colours[back]), 2)
        for fronts, backs, least in (
            (["text"], [*nodes, "column", "paper"], 4.5),
            (["muted"], ["column", "paper"], 4.5),
            (
                ["strong", "route", "back", "talk", "apart-line", *(f"{n}-line" for n in nodes)],
                ["column", "paper"],
                3.0,
            ),
        )
        for front in fronts
        for back in backs
        if _contrast(colours[front], colours[back]) < least
    }
    assert poor == {}


# --- the graph model ----------------------------------------------------------------------------------------
def test_ids_stay_text_and_parallel_routes_stay_two() -> None:
    nodes = [{"id": "01234567", "label": "a b  c"}, {"id": "2", "label": ""}]
    edges = [{"id": "e1", "from": "2", "to": "01234567"}, {"id": "e2", "from": "2", "to": "01234567"}]
    found = model(nodes, edges)
    assert [n["id"] for n in found["nodes"]] == ["01234567", "2"]
    assert found["nodes"][0]["label"] == "a b  c"
    assert len(found["edges"]) == 2
    assert found["options"]["physics"] == {"enabled": False}
    assert found["options"]["nodes"]["font"]["face"] == "system-ui, sans-serif"  # spaces are kept


def test_double_ids_and_loose_ends_are_refused() -> None:
    with pytest.raises(DuplicateError, match="P1") as told:
        model([{"id": "P1"}, {"id": "P1"}], [])
    assert told.value.ids == ("P1",)
    with pytest.raises(KeyError, match="weg"):
        model([{"id": "P1"}], [{"id": "e", "from": "P1", "to": "weg"}])


# --- the catalogue ----------------------------------------------------------------------------------------
def _used() -> set[str]:
    """The keys that modules, template and scripts name, and those they make up from names."""
    room = Path(str(files("routekaart.visualisations")))
    found = {f"field.{column}" for keys in COLUMNS.values() for column in keys}
    found |= {f"table.{name}" for name in COLUMNS} | {f"month.m{n:02d}" for n in range(1, 13)}
    found |= {f"nearby.{n}" for n in ("hier", "online", "elders", "onbekend", "in")}
    found |= {f"status.{n}" for n in ("current", "outdated", "replaced", "statement")}
    found |= {f"frame.{n}" for n in ("there_is", "waiting", "unknown", "tab_offers", "tab_route", "tab_map", "tab_table")}
    found |= {f"page.kind_{n}" for n in ("partners", "offerings", "routes", "roles")}
    # the reports and the advice have their own files of sentences (about.toml, advice.toml, report.toml)
    modules = [path for path in room.rglob("*.py") if path.parent.name not in {"about", "advice", "report"}]
    templates = [path for path in room.glob("templates/*") if not path.name.startswith(("about", "advice"))]
    for path in (*modules, *templates):
        found |= set(re.findall(r'["\']([a-z]+\.[a-z_0-9]*[a-z0-9])["\']', path.read_text("utf-8")))
        found |= {f"field.{key}" for key in re.findall(r'^ +\("([a-z_]+)", ', path.read_text("utf-8"), re.M)}
    for path in room.glob("static/*.js"):
        script = path.read_text("utf-8")
        found |= {f"page.{key}" for key in re.findall(r'(?:rk\.say\(|\? |: |\[)"([a-z_]+)"', script)}
    return found


def test_every_sentence_is_there_in_both_languages_and_is_used() -> None:
    mine = {key.removeprefix("map."): said for key, said in sentences().items() if key.startswith("map.")}
    assert [k for k, said in mine.items() if not all(said[lang].strip() for lang in LANGUAGES)] == []
    places = re.compile(r"\{\w+\}")
    assert [k for k, s in mine.items() if set(places.findall(s["nl"])) != set(places.findall(s["en"]))] == []
    used = _used()
    assert sorted(set(mine) - used) == []
    sections = {key.split(".")[0] for key in mine}
    asked = {k for k in used if k.split(".")[0] in sections - {"page", "map"}}
    asked -= {f"field.{k}" for k in ("id", "region", "map", "table", "offers")}
    assert sorted(k for k in asked - set(mine) if not k.endswith((".py", ".js"))) == []


def test_words_that_are_never_said() -> None:
    never = re.compile(r"bespar|vermijdbaar|schuld|slechtst|passende hulp|doorlooptijd", re.IGNORECASE)
    said = {k: s["nl"] for k, s in sentences().items() if k.startswith("map.") and k != "map.footer.purpose"}
    assert [k for k, text in said.items() if never.search(text)] == []
