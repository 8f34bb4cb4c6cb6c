"""The layers of the map and the table of gaps: every figure is that of its analysis, and small numbers are nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup

from routekaart.graph.analyses.lacking.gaps import gaps
from routekaart.graph.analyses.lines.short_lines import short_lines
from routekaart.graph.analyses.proposing.direct_routes import direct_routes
from routekaart.graph.analyses.waiting.bottlenecks import bottlenecks
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading
from routekaart.visualisations.layers.content import CONTACTS, look
from routekaart.visualisations.layers.gap_table import PRESSING, gap_table
from routekaart.visualisations.layers.parts import LayerParts, layer_parts
from routekaart.visualisations.map.content import numbers
from routekaart.visualisations.map.page import render
from routekaart.visualisations.material import COALITION, PUBLIC, Material
from routekaart.visualisations.wording import Wording

EDE = "GM0228"
EXAMPLES = ["voorbeeldregio", "gelderse-vallei"]
Example = Callable[[str], tuple[Landscape, Material, LayerParts]]


def laid(landscape: Landscape, edition: str = COALITION, lang: str = "nl") -> tuple[Landscape, Material, LayerParts]:
    material = Material(landscape, Wording(lang), edition)
    themes = [[slug] for slug in landscape.themes.slugs]
    return landscape, material, layer_parts(material, numbers(material), themes)


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest) -> Example:
    made: dict[str, tuple[Landscape, Material, LayerParts]] = {}

    def of(name: str) -> tuple[Landscape, Material, LayerParts]:
        if name not in made:
            reading: Reading = request.getfixturevalue(name.replace("-", "_"))
            made[name] = laid(reading.landscape)
        return made[name]

    return of


def cells(parts: LayerParts, sheet: str) -> list[dict[str, str]]:
    found = next(s for s in parts.sheets if s.id == sheet)
    columns = parts.columns[sheet]
    return [
        {c: Markup(cell).striptags() if isinstance(cell, Markup) else cell for c, cell in zip(columns, line.cells, strict=True)}
        for line in found.lines
    ]


# --- waits -----------------------------------------------------------------------------------------------------------
def wait(low: float | None, high: float | None = None, **more: Any) -> dict[str, Any]:
    state = "getal" if low is not None else "onbekend"
    return {"days_low": low, "days_high": high, "state": state, "outdated": False} | more


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "unknown"),
        ([wait(None)], "unknown"),
        ([wait(7, 7, outdated=True)], "old"),
        ([wait(7, 7, outdated=True), wait(None)], "unknown"),
        ([wait(0, 0)], 0),
        # "from nothing on" is not "no wait"
        ([wait(0, None)], 1),
        ([wait(1, 1)], 1),
        ([wait(0, 28)], 1),  # four weeks is still "up to four weeks"
        ([wait(0, 28.1)], 2),
        ([wait(84, 84)], 2),
        ([wait(84, 85)], 3),
        ([wait(182, 182)], 3),
        ([wait(183, None)], 4),
        # the longest counts, an outdated one does not
        ([wait(7, 7), wait(90, 90), wait(400, 400, outdated=True)], 3),
        ([wait(7, 7), wait(None, None, state="stop")], "stop"),
        # an unknown wait beside a known one leaves what is known
        ([wait(7, 7), wait(None)], 1),
    ],
)
def test_how_a_wait_looks(rows: list[dict[str, Any]], expected: int | str) -> None:
    assert look(rows) == expected


def test_a_partner_without_any_wait_is_unknown_and_not_without_wait(region: Landscape) -> None:
    _, material, parts = laid(region, PUBLIC)
    place = numbers(material)
    by_number = {number: (how, said) for number, how, said in parts.data["waiting"]}
    # w3 on an offering of P06 is of 2020, w6 on P07 says that nobody knows, w1 on P05 replaces w2
    assert by_number[place["P03"]] == ("unknown", "onbekend")
    assert by_number[place["P07"]][0] == "unknown"
    assert by_number[place["P05"]] == (2, "8 tot 12 weken, 03-2026")
    # a stop on one of its offerings, and the dates it has
    assert by_number[place["P06"]][0] == "stop"


# --- families ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_passes_is_what_bottlenecks_says(example: Example, name: str) -> None:
    landscape, material, parts = example(name)
    found, place, rows = bottlenecks(landscape), numbers(material), cells(parts, "layer-flow")
    assert [flow["level"] for flow in parts.data["flows"]] == [level.level for level in found.levels]
    shown = 0
    for flow, level in zip(parts.data["flows"], found.levels, strict=True):
        assert [entry[0] for entry in flow["partners"]] == [place.get(p.node, -1) for p in level.partners]
        for (_, row, weight, said, sole), passed in zip(flow["partners"], level.partners, strict=True):
            cell = rows[row]
            hidden = None in (passed.per_year, passed.arriving)
            assert (weight == -1) == hidden == (said == "niet getoond")
            assert bool(sole) == ("sole_link" in passed.suppressed or bool(passed.sole_link))
            if found.frame.weighted and passed.per_year is not None:
                shown += 1
                value = f"{passed.per_year:.0f}" if passed.per_year >= 10 else "0"
                assert cell["per_year"] == value
            assert ("niet getoond" in cell["per_year"]) == (passed.per_year is None)
        assert flow["hidden"] == sum(step.per_year is None for step in level.routes)
        counted = [s for s in level.routes if s.per_year is not None]
        assert [(a, b) for a, b, _, _ in flow["steps"]] == [(place.get(s.source, -1), place.get(s.target, -1)) for s in counted]
    assert shown > 0 or not found.frame.weighted


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_small_number_of_families_anywhere(example: Example, name: str) -> None:
    landscape, _, parts = example(name)
    least = landscape.settings.threshold
    if not parts.layers.weighted:
        # shares only; then there is no number of families at all
        assert all(re.fullmatch(r"\d+%|minder dan 1%|", row["per_year"]) for row in cells(parts, "layer-flow"))
        return
    seen = 0
    for sheet, columns in (("layer-flow", ("per_year", "arriving", "sole")), ("layer-steps", ("step_per_year",)), ("layer-proposals", ("joint_newly",))):  # fmt: skip
        for row in cells(parts, sheet):
            for column in columns:
                if re.fullmatch(r"[\d,]+", row[column]):
                    value = float(row[column].replace(",", "."))
                    seen += 1
                    assert value == 0 or value >= least, row
    assert seen > 20


def test_families_are_not_told_of_where_they_are_all_few(region: Landscape) -> None:
    # four families a year enter at P01: below the threshold of ten, and so is all that follows from it
    _, _, parts = laid(region)
    values = {row[c] for row in cells(parts, "layer-flow") for c in ("per_year", "arriving")}
    assert values <= {"0", "niet getoond: minder dan 10, of daaruit af te leiden"}
    assert len(values) == 2


# --- proposals -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", EXAMPLES)
def test_contacts_are_the_first_of_every_municipality(example: Example, name: str) -> None:
    landscape, material, parts = example(name)
    found, place = short_lines(landscape), numbers(material)
    # by another way: a contact is shown when fewer than so many before it share one of its municipalities
    expected = [
        [place.get(line.start, -1), place.get(line.end, -1)]
        for n, line in enumerate(found.lines)
        if any(
            sum(code in before.shared_municipalities for before in found.lines[:n]) < CONTACTS
            for code in line.shared_municipalities
        )
    ]
    assert parts.data["contacts"] == expected
    assert len(cells(parts, "layer-contacts")) == len(expected) > 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_proposals_are_the_plans_of_direct_routes(example: Example, name: str) -> None:
    landscape, material, parts = example(name)
    found, place = direct_routes(landscape), numbers(material)
    steps = [(level.level, step) for level in found.levels for step in level.plan]
    assert parts.data["proposals"] == [[level, place.get(s.start, -1), place.get(s.end, -1)] for level, s in steps]
    for row, (_, step) in zip(cells(parts, "layer-proposals"), steps, strict=True):
        assert row["proposal"] == f"voorstel: {step.start_name} → {step.end_name}"
        assert row["against"]
        if step.days is not None:
            assert row["joint_weeks"] == f"{step.days / 7:.0f}"


# --- gaps ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_spot_says_what_gaps_says_of_its_ages(example: Example, name: str) -> None:
    landscape, material, _ = example(name)
    found = gaps(landscape)
    table = gap_table(material, found)
    assert [place.code for place in table.places] == list(dict.fromkeys(c.municipality for c in found.cells))
    # by month of age, one by one, as a child has one age
    by_month: dict[tuple[str, str, int, int], str] = {}
    for cell in found.cells:
        for month in range(cell.age_from, cell.age_until):
            assert by_month.setdefault((cell.municipality, cell.theme, cell.level, month), cell.status) == cell.status
    told = 0
    for place in table.places:
        themes = [theme for row in place.rows for theme in row.themes]
        assert sorted(themes) == list(range(len(found.themes)))  # each theme once
        for row in place.rows:
            spots = iter(row.spots)
            for level, _ in table.levels:
                for low, high in table.ages:
                    spot = next(spots)
                    for theme in row.themes:
                        months = [by_month[place.code, found.themes[theme], level, m] for m in range(low, high)]
                        assert spot.status == min(months, key=PRESSING.index)
                        assert spot.partly == (len(set(months)) > 1)
                        assert months[spot.age - low] == spot.status
                        assert spot.partly == spot.text.startswith("deels ")
                        told += 1
    assert told == len(table.places) * len(found.themes) * len(found.levels) * len(table.ages) > 0


# --- editions --------------------------------------------------------------------------------------------------------------
def test_the_public_edition_has_waits_and_upkeep_only(region: Landscape) -> None:
    _, _, parts = laid(region, PUBLIC)
    assert not {"flows", "contacts", "proposals", "gaps"} & set(parts.data)
    assert parts.sheets == ()
    assert parts.heat is None
    html = render(region, municipality=EDE)
    for word in (
        'id="view-gaps"',
        'id="rows-layer-',
        'id="layer-voorstellen"',
        "enige schakel",
        "voor het eerst een route",
        "langs komen",
    ):
        assert word not in html, word
    assert 'value="wachttijd"' in html


def test_upkeep_says_what_is_outdated_with_its_source(region: Landscape) -> None:
    _, material, parts = laid(region, PUBLIC)
    facts = {number: (said, found) for number, said, found, _ in parts.data["facts"]}
    said, found = facts[numbers(material)["P06"]]
    assert said == "verouderd, niet nagekeken"
    # w3, 18 weken of June 2020, is in the third row of waits
    assert any("waits.csv" in source and "rij 4" in source for _, source in found)


def test_two_old_waits_are_not_called_unchecked(tables: Callable[[], Any], made: Callable[[Any], Landscape]) -> None:
    rows = tables()
    for partner in rows["partners"]:
        partner["verified_on"] = "2026-04-01"
    rows["waits"] = [{**rows["waits"][2], "on": [f"aanbod:{o}"], "id": o} for o in ("O5", "O6")]
    _, material, parts = laid(made(rows), PUBLIC)
    (of_p06,) = [entry for entry in parts.data["facts"] if entry[0] == numbers(material)["P06"]]
    assert of_p06[1] == "verouderd"
    ((text, _),) = of_p06[2]
    assert "2 van de 2 geregistreerde wachttijden" in text


def test_in_english(region: Landscape) -> None:
    _, _, parts = laid(region, lang="en")
    assert parts.data["say"]["nothing"] == "Nothing is registered for this layer here."
    assert {s.heading.partition(":")[0] for s in parts.sheets} == {"Layers"}
