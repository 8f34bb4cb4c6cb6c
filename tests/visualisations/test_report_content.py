"""What the report of a municipality tells: the figures of the analyses, nothing that must be hidden, harmless, the same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import chain
from typing import Any

import openpyxl
import pytest

from routekaart.graph.analyses.advising.past_agreements import past_agreements
from routekaart.graph.analyses.lacking.gaps import gaps
from routekaart.graph.analyses.lines.short_lines import short_lines
from routekaart.graph.analyses.offers import offers
from routekaart.graph.analyses.route import route
from routekaart.graph.analyses.waiting.bottlenecks import bottlenecks
from routekaart.graph.landscape import Landscape
from routekaart.graph.locale import Locale
from routekaart.graph.waiting import Source
from routekaart.loaders.read import Reading
from routekaart.visualisations.report.content import telling_of, told, told_by
from routekaart.visualisations.report.gathered import ENTRIES, Gathered, gathered
from routekaart.visualisations.report.lacking import lacks_of
from routekaart.visualisations.report.marks import Marks
from routekaart.visualisations.report.page import Entry, index, render
from routekaart.visualisations.report.parts import Cell, Section, Told
from routekaart.visualisations.report.sheets import Sheet, sheets
from routekaart.visualisations.report.workbook import write

EDE, ELZERBROEK = "GM0228", "GM9003"
#: A municipality of each example, where most is registered.
WHERE = {"Gelderse Vallei": EDE, "Voorbeeldregio 2026 (fictief)": ELZERBROEK}
Make = Callable[[dict[str, list[dict[str, Any]]]], Landscape]


class Elements(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.shown: list[str] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += data
        else:
            self.shown.append(data)


def found_in(landscape: Landscape, code: str = EDE, *, coalition: bool = True) -> Gathered:
    (found,) = gathered(landscape, [code], coalition=coalition)
    return found


def home(landscape: Landscape) -> str:
    return ELZERBROEK if ELZERBROEK in landscape.municipality_names else EDE


@pytest.fixture(scope="module")
def both(voorbeeldregio: Reading, gelderse_vallei: Reading) -> tuple[Gathered, Gathered]:
    return found_in(voorbeeldregio.landscape, ELZERBROEK), found_in(gelderse_vallei.landscape, EDE)


def cells(section: Section) -> Iterator[Cell]:
    for group in section.groups:
        for strip in group.strips:
            yield from strip.steps
        for table in group.tables:
            for row in table.rows:
                for cell in row:
                    yield cell
                    yield from chain.from_iterable(cell.lines)
        yield from group.lines


def section(made: Told, key: str) -> Section:
    return next(s for s in made.sections if s.key == key)


def sheets_of(found: Gathered, lang: str = "nl") -> dict[str, Sheet]:
    telling = telling_of(found, lang)
    told_by(telling)
    return {sheet.key: sheet for sheet in sheets(telling, telling.marks.files())}


def book_of(found: Gathered, lang: str = "nl") -> bytes:
    telling, out = telling_of(found, lang), io.BytesIO()
    write(told_by(telling), telling, out)
    return out.getvalue()


# --- figures are those of the analyses ---------------------------------------------------------------------------------
def test_every_offering_stands_in_the_order_of_offers(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        answer = offers(found.landscape, found.municipality)
        wanted = [o.name for o in (*answer.offers, *answer.unlevelled)]
        tables = [t for g in section(told(found), "there").groups for t in g.tables if t.key == "offers"]
        rows = [row for t in tables for row in t.rows]
        # what is the same for the same people stands where its first one stands, with all who offer it in that order
        alike: dict[Any, list[str]] = {}
        for o in (*answer.offers, *answer.unlevelled):
            same = (o.level, o.name, o.age_from, o.age_until, o.themes, o.audience, o.access, o.how_to_apply)
            alike.setdefault(same, []).append(o.partner_name or "initiatief zonder organisatie")
        assert [row[0].text for row in rows] == [name for _, name, *_ in alike]
        assert [[line[0].text for line in row[-1].lines] for row in rows] == list(alike.values())
        assert sum(len(row[-1].lines) for row in rows) == len(wanted)
        assert [r["id"] for r in sheets_of(found)["offers"].rows] == [o.id for o in (*answer.offers, *answer.unlevelled)]


def test_the_waits_of_the_workbook_are_those_of_offers(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        answer = {o.id: o.wait for o in offers(found.landscape, found.municipality).offers}
        for row in sheets_of(found)["offers"].rows:
            wait = answer.get(row["id"])
            if wait is None:
                continue
            known = wait.known and not wait.closed
            days = (wait.low, wait.expected, wait.high) if known else (None, None, None)
            assert [row[c] for c in ("low", "expected", "high")] == [None if d is None else d / 7 for d in days]
            assert row["as_of"] == wait.as_of


def test_every_way_is_the_one_that_route_gives(both: tuple[Gathered, Gathered]) -> None:
    # an independent method: a search of its own for one profile, where the report's come from arrays over all of them
    for found in both:
        for level in found.ways:
            assert len(level.ways) <= ENTRIES + 1
            for usual in level.ways:
                way = usual.way
                first = way.legs[0]
                start = first.source if first.hop else way.path[0]
                profile = way.profile
                asked = {"start": start, "levels": [level.level], "age": profile.age, "theme": profile.theme, "static": True}
                (again,) = route(found.landscape, found.municipality, **asked).ways  # type: ignore[arg-type]
                assert (again.low, again.expected, again.high) == pytest.approx((way.low, way.expected, way.high))
                assert again.path == way.path


def test_a_level_without_a_way_says_why(gelderse_vallei: Reading) -> None:
    found = found_in(gelderse_vallei.landscape, EDE)
    (level,) = (x for x in found.ways if x.level == 2)  # nothing of level 2 is registered for Ede
    assert (level.ways, level.reason) == ((), "geen aanbod")
    group = next(g for g in section(told(found), "ways").groups if g.heading.startswith("Niveau 2"))
    assert [line.text for line in group.lines] == ["Geen aanbod geregistreerd."]


def test_families_are_those_of_bottlenecks_and_stand_nowhere_else(voorbeeldregio: Reading) -> None:
    found = found_in(voorbeeldregio.landscape, ELZERBROEK)
    made = sheets_of(found)
    answer = bottlenecks(found.landscape, [ELZERBROEK])
    wanted = [
        tuple(
            "niet getoond" if name in p.suppressed else getattr(p, name)
            for name in ("weeks_per_week", "per_year", "arriving", "sole_link")
        )
        for level in answer.levels
        for p in sorted(level.partners, key=lambda p: p.name.casefold())  # by name: nobody is ranked
    ]
    told_rows = [tuple(r[c] for c in ("waiting", "through", "arriving", "sole")) for r in made["passing"].rows]
    assert told_rows == [tuple(v if not isinstance(v, float) else pytest.approx(v) for v in row) for row in wanted]
    counts = {"waiting", "through", "arriving", "sole"}
    assert not any(counts & set(sheet.columns) for key, sheet in made.items() if key != "passing")


def test_no_small_count_stands_anywhere(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    threshold = landscape.settings.threshold
    assert threshold == 10
    raw = bottlenecks(landscape, [ELZERBROEK], internal=True)
    small = [p.per_year for level in raw.levels for p in level.partners if p.per_year and 0 < p.per_year < threshold]
    assert small  # there is something to hide
    found = found_in(landscape, ELZERBROEK)
    for row in sheets_of(found)["passing"].rows:
        for column in ("waiting", "through", "arriving", "sole"):
            value = row[column]
            assert value is None or value == "niet getoond" or value == 0 or value >= threshold
    passing = section(told(found), "passing")
    numbers = [c.text for g in passing.groups for t in g.tables for r in t.rows for c in r if c.look == "number"]
    assert "niet getoond" in numbers
    assert all(n in ("niet getoond", "–", "0") or int(n.replace(".", "")) >= threshold for n in numbers)


def test_unweighted_has_no_numbers_of_families(gelderse_vallei: Reading) -> None:
    found = found_in(gelderse_vallei.landscape, EDE)
    passing = section(told(found), "passing")
    assert "geen aantallen" in passing.lead
    assert {t.columns for g in passing.groups for t in g.tables} == {("Partner", "Wachttijd", "Norm", "Bron")}
    assert "waiting" not in sheets_of(found)["passing"].columns


def test_knelpunt_is_said_only_where_bottleneck_is_true(both: tuple[Gathered, Gathered]) -> None:
    number = 0
    for found in both:
        answer = bottlenecks(found.landscape, [found.municipality])
        wanted = [p.name for level in answer.levels for p in level.partners if p.bottleneck]
        tables = [t for g in section(told(found), "passing").groups for t in g.tables]
        for names in ([r[0].text.casefold() for r in t.rows] for t in tables):
            assert names == sorted(names)  # nobody is ranked
        rows = [r for t in tables for r in t.rows]
        assert [r[0].text for r in rows if r[0].tag == "Knelpunt"] == wanted
        number += len(wanted)
    assert number == 1  # Jeugd-ggz Veerhaven: 35 weeks beside a norm of 4; nothing is known in Ede


def test_gaps_contacts_and_agreements_are_those_of_their_analyses(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        landscape, code = found.landscape, found.municipality
        made = sheets_of(found)
        missing = gaps(landscape, [code])
        assert [r["sentence"] for r in made["gaps"].rows] == [g.told() for g in missing.gaps]
        assert [r["status"] for r in made["cells"].rows] == [
            {"ok": "Weg geregistreerd", "onbekend": "Weg, tijd onbekend", "te lang": "Weg, langer dan norm", "aanmeldstop": "Aanmeldstop",
             "geen route": "Aanbod zonder route", "geen aanbod": "Geen aanbod"}[c.status]
            for c in missing.cells
        ]  # fmt: skip
        pairs = sorted(line.names for line in short_lines(landscape, [code]).lines)
        assert sorted((r["one"], r["other"]) for r in made["contacts"].rows) == pairs
        assert [r["id"] for r in made["agreements"].rows] == [k.id for k in past_agreements(Locale(landscape, code))]


def test_lacks_hold_every_cell_that_lacks_once(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        assert found.together is not None
        lacking = [c for c in found.together.gaps.cells if c.status not in ("ok", "onbekend")]
        lacks = lacks_of(lacking)
        told_ = [(x.level, x.status, x.age_from, x.age_until, t) for x in lacks for t in x.themes]
        assert sorted(told_) == sorted((c.level, c.status, c.age_from, c.age_until, c.theme) for c in lacking)
        assert [x.level for x in lacks] == sorted(x.level for x in lacks)


def test_a_wait_stands_beside_the_norm_of_its_own_kind_only(tables: Any, made: Make) -> None:
    rows = tables()
    norms = [("aanmeldwachttijd", 4.0, None), ("totaal", 14.0, None), ("aanmeldwachttijd", 3.0, 2030)]
    rows["norms"] = [
        {"id": f"N{n}", "kind": kind, "value": value, "unit": "weken", "applies_to": ["jeugdhulp"], "year": year}
        for n, (kind, value, year) in enumerate(norms)
    ]
    found = found_in(made(rows), EDE)
    (stated,) = (s for s in found.waits if s.name == "Jeugdhulp De Brug")
    assert stated.norm is not None
    assert stated.norm.id == "N0"
    assert stated.target is not None
    assert stated.target.id == "N2"
    rows["waits"][0]["kind"] = rows["waits"][1]["kind"] = "totaal"
    (whole,) = (s for s in found_in(made(rows), EDE).waits if s.name == "Jeugdhulp De Brug")
    # only the total is known: it lies between nothing and the total until the first appointment
    assert (whole.wait.low, whole.wait.high, whole.full.expected) == (0.0, 84.0, 70.0)
    assert whole.norm is not None
    assert whole.norm.id == "N1"
    (ggz, *_) = (s for s in found.waits if s.name == "GGZ Het Kompas")
    assert ggz.norm is None


def test_waits_are_listed_by_level_and_name(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        keys = [(9 if s.level is None else s.level, s.name.casefold()) for s in found.waits]
        assert keys == sorted(keys)
        assert sum(len(s.ids) for s in found.waits) == len(found.every)


def test_looks_of_waits(region: Landscape) -> None:
    tables = [t for g in section(told(found_in(region)), "there").groups for t in g.tables if t.key == "offers"]
    by_name = {r[0].text: r for t in tables for r in t.rows}
    waits = {name: row[-1].lines[0][1] for name, row in by_name.items()}
    assert waits["Gezinscoaching"].text == "10 weken (8–12)"
    assert waits["Gezinscoaching"].notes == ("maart 2026",)
    assert waits["Behandeling angst"].text == "onbekend (verouderd)"
    assert waits["Behandeling angst"].notes == ("oude opgave: 18 weken, 8 juni 2020",)
    assert waits["Steungezin"].text == "onbekend"
    assert by_name["Steungezin"][2].tag == "vrij toegankelijk"


# --- sources -----------------------------------------------------------------------------------------------------------
def test_marks_are_letters_and_rows() -> None:
    marks = Marks()
    rows = [Source("waits", f"w{n}", "w.csv", None, n, "opgave", "2026-03") for n in (4, 2, 3, 9)]
    (first,) = marks.of(rows)
    assert (first.text, first.letter) == ("A2–4, 9", "A")
    assert [m.text for m in marks.of([Source("norms", "n", "n.xlsx", "Blad", 5), rows[0]])] == ["B5", "A4"]
    assert marks.of([Source("norms", "n", "", None, 0)]) == ()
    a, b = marks.files()
    assert (a.letter, a.rows, a.newest, a.said) == ("A", (2, 3, 4, 9), "2026-03", (("opgave", (2, 3, 4, 9)),))
    assert (b.letter, b.file, b.sheet, b.said) == ("B", "n.xlsx", "Blad", ())
    many = Marks()
    letters = [many.of([Source("waits", "x", f"{n}.csv", None, 1)])[0].letter for n in range(28)]
    assert letters[25:] == ["Z", "AA", "AB"]


def test_every_letter_stands_among_the_sources(both: tuple[Gathered, Gathered]) -> None:
    for found in both:
        made = told(found)
        known = [r[0].text for t in section(made, "sources").groups[0].tables for r in t.rows]
        used = {m.letter for s in made.sections for c in cells(s) for m in c.marks}
        assert used == set(known)
        assert len(known) == len(set(known))


# --- editions ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_openbaar_has_none_of_what_the_coalition_sees(voorbeeldregio: Reading, lang: str) -> None:
    landscape = voorbeeldregio.landscape
    public, whole = (found_in(landscape, ELZERBROEK, coalition=c) for c in (False, True))
    assert [s.key for s in told(public).sections] == ["there", "ways", "waits", "unknown", "sources"]
    assert [b.key for b in told(public).boxes] == ["there", "waiting", "unknown"]
    assert list(sheets_of(public)) == ["offers", "ways", "waits", "sources"]
    page, all_of_it = (" ".join(Elements(render(told(f, lang), lang)).shown) for f in (public, whole))
    secret = [k.what for k in whole.together.agreements if k.what]  # type: ignore[union-attr]
    secret += ["Knelpunt", "Bottleneck", "lijnen.csv", "afspraken.csv", "vraag.csv"]
    assert sum(text in all_of_it for text in secret) >= 7
    assert [text for text in secret if text in page] == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_everything_that_is_told_stands_on_the_page(both: tuple[Gathered, Gathered], lang: str) -> None:
    for found in both:
        made = told(found, lang)
        page = " ".join(" ".join(Elements(render(made, lang)).shown).split())
        said = [*made.intro, made.edition, made.purpose, made.safety, made.fictional or ""]
        said += [line for box in made.boxes for line in (box.heading, *box.lines)]
        for part in made.sections:
            said += [part.heading, part.lead, *(w for _, w in part.legend), *(w for quote in part.quotes for w in quote)]
            said += [text for g in part.groups for text in (g.heading, g.lead)]
            said += [text for g in part.groups for s in g.strips for text in (s.title, s.said, *s.tags, *s.notes)]
            said += [text for g in part.groups for t in g.tables for text in t.columns]
            said += [text for c in cells(part) for text in (c.text, c.tag, *c.notes)]
        for text in said:
            assert " ".join(text.split()) in page, text


def test_a_reaction_stands_once_in_every_part_that_its_partner_stands_in(voorbeeldregio: Reading) -> None:
    made = told(found_in(voorbeeldregio.landscape, ELZERBROEK))
    said = dict(voorbeeldregio.landscape["partners"].select("name", "response").drop_nulls().iter_rows())
    number = 0
    for part in made.sections:
        assert len(part.quotes) == len(set(part.quotes))
        if part.key not in ("waits", "passing"):
            continue
        first = {r[0].text for g in part.groups for t in g.tables for r in t.rows}
        for name in first & set(said):
            assert (f"Reactie van {name}", said[name]) in part.quotes
            number += 1
    assert number > 1


# --- harmless ------------------------------------------------------------------------------------------------------------
def test_the_policy_allows_these_scripts_and_styles_only(region: Landscape) -> None:
    listed = index([Entry("Ede", "gemeente-ede.html", "gemeente-ede.xlsx", ("Een.",))], "Kop", "Titel", "Datum", "Openbaar")
    for html in (render(told(found_in(region))), listed):
        found = Elements(html)
        policy = next(a["content"] or "" for t, a in found.found if a.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'")
        for kind, wanted in found.texts.items():
            hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in wanted}
            directive = next(d for d in policy.split("; ") if d.startswith(f"{kind}-src"))
            assert set(directive.split()[1:]) == hashes
        assert not any("src" in a or "style" in a or any(k.startswith("on") for k in a) for _, a in found.found)
        links = [a["href"] or "" for _, a in found.found if "href" in a]
        ids = [a["id"] for _, a in found.found if "id" in a]
        assert len(ids) == len(set(ids))
        assert {href.removeprefix("#") for href in links if href.startswith("#")} <= set(ids)
        assert not any(":" in href for href in links if href != "data:,")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_hostile_texts_stay_texts(hostile: Landscape, lang: str) -> None:
    found = Elements(render(told(found_in(hostile), lang), lang))
    assert len(found.texts["script"]) == 2
    assert {t for t, _ in found.found}.isdisjoint({"img", "iframe", "object", "embed", "form", "base", "textarea"})
    assert not any("src" in a or "style" in a or any(k.startswith("on") for k in a) for _, a in found.found)
    assert any("<script>boom()" in said for said in found.shown)  # as text


def test_a_workbook_has_no_formula(tables: Any, made: Make) -> None:
    rows = tables()
    for row in (*rows["offerings"], *rows["partners"]):
        row["name"] = f"=HYPERLINK({row['name']!r})"
    rows["agreements"][0]["what"] = "@SUM(1)"
    rows["offerings"][2]["how_to_apply"] = "+31 6"
    book = openpyxl.load_workbook(io.BytesIO(book_of(found_in(made(rows)))))
    texts = [c for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert {c.data_type for c in texts} == {"s"}
    assert any(c.value.startswith("=HYPERLINK(") for c in texts)
    assert {"@SUM(1)", "+31 6"} <= {c.value for c in texts}


def test_a_workbook_has_numbers_dates_filters_and_a_frozen_heading(voorbeeldregio: Reading) -> None:
    found = found_in(voorbeeldregio.landscape, ELZERBROEK)
    book = openpyxl.load_workbook(io.BytesIO(book_of(found)))
    assert book.sheetnames == [
        "Lees mij", "Aanbod", "Routes", "Wachttijden", "Waar gewacht wordt", "Dekking", "Niet geregistreerd", "Lijnen",
        "Contacten te bespreken", "Afspraken", "Bronnen",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
    offered = book["Aanbod"]
    head = [c.value for c in offered[1]]
    columns = {
        name: [row[head.index(name)] for row in offered.iter_rows(min_row=2)]
        for name in ("Weken verwacht", "Peildatum wachttijd")
    }
    assert {c.data_type for c in columns["Weken verwacht"] if c.value is not None} == {"n"}
    assert "d" in {c.data_type for c in columns["Peildatum wachttijd"]}
    assert offered.max_row == 1 + len(found.every)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_same_data_same_bytes(region: Landscape, tables: Any, made: Make, lang: str) -> None:
    one, other = found_in(region), found_in(made(tables()))
    assert render(told(one, lang), lang) == render(told(other, lang), lang)
    assert book_of(one, lang) == book_of(other, lang)


def test_one_by_one_is_the_same_as_all_at_once(region: Landscape) -> None:
    together = {f.municipality: f for f in gathered(region, [EDE, "GM0203"], coalition=True)}
    for code, found in together.items():
        assert render(told(found)) == render(told(found_in(region, code)))


def test_a_municipality_where_nothing_is_registered(tables: Any, made: Make) -> None:
    rows = {name: kept for name, kept in tables().items() if name in ("region", "partners")}
    rows["partners"] = rows["partners"][:1]
    made_of = told(found_in(made(rows)))
    assert section(made_of, "there").groups[0].lines[0].text.startswith("Er is geen aanbod geregistreerd voor")
    assert render(made_of)
    assert book_of(found_in(made(rows)))


def test_municipalities_are_listed_by_name() -> None:
    entries = [Entry(n, f"{n}.html", f"{n}.xlsx", ()) for n in ("Zuid & Co", "ede", "Barneveld")]
    found = Elements(index(entries, "Kop", "Titel", "Datum", "Openbaar"))
    pages = [a["href"] for _, a in found.found if (a.get("href") or "").endswith(".html")]
    assert pages == ["Barneveld.html", "ede.html", "Zuid%20%26%20Co.html"]


def test_no_such_language(region: Landscape) -> None:
    with pytest.raises(ValueError, match="no such language"):
        told(found_in(region), "fr")
    with pytest.raises(ValueError, match="no such language"):
        render(told(found_in(region)), "fr")
