"""gaps, the kinds: of each one region that has the gap, and the least change after which it has none."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.lacking.gaps import gaps
from routekaart.graph.analyses.lacking.kinds import KINDS
from routekaart.graph.analyses.lacking.parts import Gap
from routekaart.ontology.catalogue import sentences

EDE, BARNEVELD = "GM0228", "GM0203"
YEAR = 12
Tables = dict[str, list[dict[str, Any]]]
Of = Callable[..., list[Gap]]


def partner(id_: str, role: str | None, *where: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": id_, "roles": [role] if role else None, "municipalities": list(where or (EDE,)), **more}


def offering(id_: str, owner: str | None, level: int, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": f"aanbod {id_}", "partner": owner, "level": str(level), "access": "verwijzing", **more}


def norm(weeks: float, *where: str, kind: str = "aanmeldwachttijd") -> dict[str, Any]:
    return {"id": f"N {kind}", "kind": kind, "value": float(weeks), "unit": "weken", "applies_to": list(where)}


def numbered(rows: list[dict[str, Any]], letter: str) -> list[dict[str, Any]]:
    return [{**row, "id": row.get("id") or f"{letter}{n}"} for n, row in enumerate(rows)]


@pytest.fixture
def of(regions: ModuleType) -> Of:
    """The gaps of one kind in a region of these tables."""

    def found(kind: str, *, asked: dict[str, Any] | None = None, **tables: Any) -> list[Gap]:
        frames = {name: numbered(list(rows), name[0].upper()) for name, rows in tables.items()}
        answer = gaps(regions.landscape(frames), **(asked or {}))
        return [g for g in answer.gaps if g.kind == kind]

    return found


# --- geen overbrugging -----------------------------------------------------------------------------------
@pytest.fixture
def bridging(regions: ModuleType, of: Of) -> Of:
    """Jeugd-ggz G with a wait of 8 weeks and a norm of 4, for opvoeden in Ede; changed by what is given."""

    def found(**change: Any) -> list[Gap]:
        tables: dict[str, Any] = {
            "partners": [partner("H", "huisarts"), partner("G", "jeugd-ggz"), partner("W", "welzijn")],
            "offerings": [offering("O", "G", 3, themes=["opvoeden"], age_from=0, age_until=216)],
            "routes": [{"from": "H", "to": "G", "kind": "verwijzing"}],
            "waits": [regions.wait("G", 56)],
            "norms": [norm(4, "jeugd-ggz")],
        }
        asked = change.pop("asked", {"themes": ["opvoeden"], "levels": [3]})
        for name, rows in change.items():
            tables[name] = rows if name in ("norms", "waits") else [*tables.get(name, []), *rows]
        return of("geen-overbrugging", asked=asked, **tables)

    return found


def free(**more: Any) -> dict[str, Any]:
    return {**offering("F", "W", 1, access="vrij"), **more}


def test_a_long_wait_without_anything_in_the_meantime(bridging: Of) -> None:
    (gap,) = bridging()
    assert (gap.municipality, gap.theme, gap.level, gap.age_from, gap.age_until) == (EDE, "opvoeden", 3, 0, 216)
    assert (gap.partner, gap.offering) == ("G", None)
    assert gap.told() == (
        "G: aanmeldwachttijd 8 weken (norm: 4). Voor Ede, 0 t/m 17 jaar, opvoeden is geen overbrugging geregistreerd."
    )
    assert gap.told("en") == ("G: aanmeldwachttijd 8 weeks (norm: 4). For Ede, 0–17 years, parenting no bridging is registered.")
    assert {s.table for s in gap.sources} == {"waits", "norms"}


def test_a_free_offering_for_some_ages_bridges_those(bridging: Of) -> None:
    (gap,) = bridging(offerings=[free(age_from=144)])
    assert (gap.age_from, gap.age_until) == (0, 144)


@pytest.mark.parametrize(
    ("more", "bridges"),
    [
        ({}, True),  # a wait that nobody registered may be short enough
        ({"level": "0"}, True),
        ({"level": "2"}, False),  # heavier help is no support in the meantime
        ({"access": None}, False),  # an empty access is never free
        ({"access": "verwijzing"}, False),
        ({"themes": ["scheiding"]}, False),
        ({"municipalities": [BARNEVELD]}, False),
        ({"partner": None, "municipalities": [EDE]}, True),
    ],
)
def test_what_offering_bridges(bridging: Of, more: dict[str, Any], *, bridges: bool) -> None:
    assert (bridging(offerings=[free(**more)]) == []) is bridges


@pytest.mark.parametrize(("days", "bridges"), [(42, True), (43, False), ("stop", False), ("onbekend", True)])
def test_support_in_the_meantime_is_there_within_the_weeks_of_the_settings(
    bridging: Of, regions: ModuleType, days: Any, *, bridges: bool
) -> None:
    # the settings say 6 weeks
    waits = [regions.wait("G", 56), regions.wait("aanbod:F", days)]
    assert (bridging(offerings=[free()], waits=waits) == []) is bridges


@pytest.mark.parametrize(
    ("route", "bridges"),
    [
        ({"from": "G", "to": "W"}, True),
        ({"from": "rol:jeugd-ggz", "to": "W"}, True),  # a role that G holds
        ({"from": "aanbod:O", "to": "W"}, True),
        ({"from": "H", "to": "W"}, True),  # from who refers to G
        ({"from": "W", "to": "H"}, False),  # somebody else's
        ({"from": "G", "to": "W", "kind": "verwijzing"}, False),  # another kind of route
        ({"from": "G", "to": "W", "themes": ["scheiding"]}, False),
        ({"from": "G", "to": "W", "municipalities": [BARNEVELD]}, False),
        ({"from": "G", "to": "W", "valid_until": "2026-01-01"}, False),
    ],
)
def test_what_route_bridges(bridging: Of, route: dict[str, Any], *, bridges: bool) -> None:
    assert (bridging(routes=[{"kind": "overbrugging", **route}]) == []) is bridges


@pytest.mark.parametrize(
    ("agreement", "bridges"),
    [
        ({}, True),
        ({"status": "loopt", "from_weeks": 6.0}, True),
        ({"from_weeks": 7.0}, False),  # it begins too late
        ({"status": "voorstel"}, False),
        ({"status": "gestopt"}, False),
        ({"kind": "overleg"}, False),
        ({"partners": ["H", "W"]}, False),
        ({"municipalities": [BARNEVELD]}, False),
        ({"municipalities": ["regio"]}, True),
    ],
)
def test_what_agreement_bridges(bridging: Of, agreement: dict[str, Any], *, bridges: bool) -> None:
    made = {"partners": ["G", "W"], "kind": "overbrugging", "status": "afgesproken", **agreement}
    assert (bridging(agreements=[made]) == []) is bridges


@pytest.mark.parametrize(
    ("wait", "is_long"),
    [
        ({"days": 28}, False),  # as long as the norm is not longer
        ({"days": 29}, True),
        ({"days": 56, "as_of": "2020-01-01"}, False),  # outdated is not known
        ({"days": "onbekend"}, False),
        ({"days": "stop"}, False),  # a stop is no number
        ({"days": 56, "kind": "totaal"}, False),  # a total is not compared with the norm of a part
        ({"days": 56, "kind": "behandelwachttijd"}, False),
    ],
)
def test_only_a_known_wait_of_the_kind_of_the_norm_is_compared(
    bridging: Of, regions: ModuleType, wait: dict[str, Any], *, is_long: bool
) -> None:
    assert bool(bridging(waits=[regions.wait("G", wait.pop("days"), **wait)])) is is_long


@pytest.mark.parametrize("kind", ["totaal", "behandelwachttijd"])
def test_other_kinds_of_waits_have_norms_of_their_own(bridging: Of, regions: ModuleType, kind: str) -> None:
    (gap,) = bridging(waits=[regions.wait("G", 105, kind=kind)], norms=[norm(14, "jeugd-ggz", kind=kind)])
    assert f"{kind} 15 weken (norm: 14)" in gap.told()


def test_a_norm_for_another_role_is_no_norm(bridging: Of) -> None:
    assert bridging(norms=[norm(4, "jeugdhulp")]) == []
    assert bridging(norms=[norm(4, BARNEVELD)]) == []


def test_one_short_wait_among_what_fits_is_enough(bridging: Of, regions: ModuleType) -> None:
    second = [offering("P", "G", 3)]
    assert bridging(offerings=second, waits=[regions.wait("G", 56), regions.wait("aanbod:P", 7)]) == []
    assert bridging(offerings=second, waits=[regions.wait("aanbod:O", 56)]) == []  # that of the other is not known
    assert len(bridging(offerings=second, waits=[regions.wait("G", 56), regions.wait("aanbod:P", "stop")])) == 1


def test_a_long_wait_on_the_way_is_told_without_a_level(bridging: Of, regions: ModuleType) -> None:
    found = bridging(
        partners=[partner("S", "soj")],
        routes=[
            {"from": "H", "to": "S", "kind": "verwijzing", "age_from": 48},
            {"from": "S", "to": "G", "kind": "verwijzing", "age_until": 216},
        ],
        waits=[regions.wait("S", 70)],
        norms=[norm(6, "soj")],
        asked={"themes": ["opvoeden", "rouw"]},
    )
    # for both themes: all that was asked, so told once
    assert [(g.partner, g.theme, g.level, g.age_from, g.age_until) for g in found] == [("S", None, None, 48, 216)]


def test_a_long_wait_for_a_decision(bridging: Of, regions: ModuleType) -> None:
    (gap,) = bridging(
        partners=[partner("T", "gemeente")],
        routes=[{"from": "T", "to": "G", "kind": "verwijzing", "decision_needed": True}],
        waits=[regions.wait("T", 63, kind="besluit")],
        norms=[norm(8, "gemeente", kind="besluit")],
    )
    assert (gap.partner, gap.level) == ("T", None)
    assert "besluit 9 weken (norm: 8)" in gap.told()


def test_a_decision_that_nobody_needs_is_not_waited_for(bridging: Of, regions: ModuleType) -> None:
    found = bridging(
        partners=[partner("T", "gemeente")],
        routes=[{"from": "T", "to": "G", "kind": "verwijzing"}],
        waits=[regions.wait("T", 63, kind="besluit")],
        norms=[norm(8, "gemeente", kind="besluit")],
    )
    assert found == []


# --- geen afschaling -------------------------------------------------------------------------------------
STEP_DOWN: dict[str, Any] = {
    "partners": [partner("G", "jeugd-ggz", EDE, BARNEVELD), partner("W", "welzijn", EDE, BARNEVELD)],
    "offerings": [offering("O", "G", 3), offering("L", "W", 1)],
}


def test_heavy_help_without_a_way_back(of: Of) -> None:
    (gap,) = of("geen-afschaling", **STEP_DOWN)
    assert (gap.partner, gap.municipality, gap.level) == ("G", None, None)
    assert gap.told() == "G (specialistische hulp): geen afschaling of terugverwijzing geregistreerd voor Barneveld, Ede."
    assert gap.told("en") == "G (specialist help): no step down or referral back is registered for Barneveld, Ede."
    assert [s.id for s in gap.sources] == ["O"]


@pytest.mark.parametrize(
    ("route", "left"),
    [
        ({"from": "G", "to": "W", "kind": "afschaling"}, []),
        ({"from": "G", "to": "W", "kind": "terugverwijzing"}, []),
        ({"from": "rol:jeugd-ggz", "to": "rol:welzijn", "kind": "afschaling"}, []),
        ({"from": "aanbod:O", "to": "aanbod:L", "kind": "afschaling"}, []),
        ({"from": "G", "to": "W", "kind": "afschaling", "municipalities": [EDE]}, [BARNEVELD]),
        ({"from": "G", "to": "W", "kind": "afschaling", "valid_until": "2026-06-01"}, [None]),
        ({"from": "W", "to": "G", "kind": "afschaling"}, [None]),
        ({"from": "G", "to": "W", "kind": "verwijzing"}, [None]),
        ({"from": "G", "to": "X", "kind": "afschaling"}, [None]),  # to nobody who is known here
    ],
)
def test_what_route_is_a_way_back(of: Of, route: dict[str, Any], left: list[str | None]) -> None:
    assert [g.municipality for g in of("geen-afschaling", routes=[route], **STEP_DOWN)] == left


@pytest.mark.parametrize(("status", "left"), [("loopt", 0), ("afgesproken", 0), ("voorstel", 1), ("afgewezen", 1)])
def test_an_agreement_on_stepping_down_counts_when_it_is_in_force(of: Of, status: str, left: int) -> None:
    agreements = [{"partners": ["G", "W"], "kind": "afschaling", "status": status}]
    assert len(of("geen-afschaling", agreements=agreements, **STEP_DOWN)) == left


# --- contacts --------------------------------------------------------------------------------------------
def contacts(*lines: dict[str, Any], **more: Any) -> Tables:
    known = {"contact_function": "coördinator"}
    people = [partner("A", "huisarts", **known), partner("B", "welzijn", **known), partner("VT", "veiligheid")]
    return {"partners": people, "lines": list(lines), **more}


@pytest.mark.parametrize(
    ("fixed", "text"),
    [
        (False, "A en B hebben een geregistreerde lijn (samenwerken), zonder vast aanspreekpunt."),
        (None, "A en B hebben een geregistreerde lijn (samenwerken); of er een vast aanspreekpunt is, is niet geregistreerd."),
        (True, None),
    ],
)
def test_a_line_without_a_fixed_contact(of: Of, fixed: bool | None, text: str | None) -> None:
    found = of("geen-vast-aanspreekpunt", **contacts({"from": "A", "to": "B", "strength": "samenwerken", "fixed_contact": fixed}))
    assert [(g.told(), g.partner, g.municipality) for g in found] == ([(text, "A", EDE)] if text else [])


def test_one_yes_about_a_line_is_enough_whichever_way_it_is_written(of: Of) -> None:
    lines = [{"from": "A", "to": "B", "fixed_contact": None}, {"from": "B", "to": "A", "fixed_contact": True}]
    assert of("geen-vast-aanspreekpunt", **contacts(*lines)) == []
    assert len(of("geen-vast-aanspreekpunt", **contacts(lines[0], {"from": "B", "to": "A"}))) == 1  # one line, told once


def test_an_agreement_on_a_fixed_contact_counts_when_it_is_in_force(of: Of) -> None:
    line = {"from": "A", "to": "B"}
    agreed = {"partners": ["A", "B"], "kind": "aanspreekpunt", "status": "loopt"}
    assert of("geen-vast-aanspreekpunt", **contacts(line, agreements=[agreed])) == []
    assert len(of("geen-vast-aanspreekpunt", **contacts(line, agreements=[{**agreed, "status": "voorstel"}]))) == 1


def test_a_partner_without_any_contact(of: Of) -> None:
    people = [partner("A", "huisarts"), partner("B", "welzijn", contact_function="coördinator"), partner("C", "coalitie")]
    (gap,) = of("geen-vast-aanspreekpunt", partners=people)  # a coalition is not on the map
    assert (gap.partner, gap.told()) == ("A", "A (Ede): geen aanspreekpunt geregistreerd.")
    line = {"from": "A", "to": "B", "fixed_contact": True}
    assert of("geen-vast-aanspreekpunt", partners=people, lines=[line]) == []


def test_no_contact_with_safety_is_asked_for(of: Of) -> None:
    assert of("geen-vast-aanspreekpunt", **contacts({"from": "A", "to": "VT"})) == []


# --- roles -----------------------------------------------------------------------------------------------
CHAIN = [partner("H", "huisarts"), partner("S", "soj"), partner("T", "lokaal-team")]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [(None, []), ("H", ["rol:huisarts"]), ("S", ["rol:soj"]), ("T", ["rol:gemeente"])],  # a local team is the access, too
)
def test_a_role_of_the_chain_that_nobody_holds(of: Of, missing: str | None, expected: list[str]) -> None:
    found = of("ontbrekende-rol", asked={"municipalities": [EDE]}, partners=[p for p in CHAIN if p["id"] != missing])
    assert [(g.municipality, g.partner) for g in found] == [(EDE, role) for role in expected]


def test_a_role_that_routes_mention(of: Of) -> None:
    routes = [
        {"from": "H", "to": "rol:jeugdhulp", "kind": "verwijzing"},
        {"from": "rol:school", "to": "S", "kind": "verwijzing", "municipalities": [BARNEVELD]},  # elsewhere
        {"from": "rol:jgz", "to": "S", "kind": "consultatie"},  # moves nobody
        {"from": "H", "to": "rol:veiligheid", "kind": "verwijzing"},  # safety stands apart
        {"from": "rol:gezin", "to": "H", "kind": "rechtstreekse-toegang"},  # the family itself
        {"from": "H", "to": "rol:jeugdarts", "kind": "verwijzing", "valid_until": "2026-01-01"},
    ]
    (gap,) = of("ontbrekende-rol", asked={"municipalities": [EDE]}, partners=CHAIN, routes=routes)
    assert (gap.partner, [s.id for s in gap.sources]) == ("rol:jeugdhulp", ["R0"])
    assert gap.told() == (
        "In Ede lopen geregistreerde routes over de rol jeugdhulp, maar niemand is bij naam geregistreerd met die rol."
    )


@pytest.mark.parametrize(
    ("role", "expected"),
    [("huisarts", []), ("bibliotheek", []), ("soj", [EDE]), ("medisch-specialist", [EDE]), (None, [EDE])],
)
def test_nobody_to_begin_with(of: Of, role: str | None, expected: list[str]) -> None:
    # a medical specialist is an entry, but a family only comes there on referral
    found = of("geen-eerste-aanspreekpunt", asked={"municipalities": [EDE]}, partners=[partner("A", role)])
    assert [g.municipality for g in found] == expected
    if found:
        assert found[0].told() == ("In Ede is niemand bij naam geregistreerd waar een gezin zonder verwijzing kan beginnen.")


# --- free offerings --------------------------------------------------------------------------------------
FREE: dict[str, Any] = {
    "partners": [partner("H", "huisarts", EDE, BARNEVELD), partner("W", "jongerenwerk", EDE, BARNEVELD)],
    "offerings": [offering("F", "W", 1, access="vrij", age_from=144), offering("N", "W", 1)],
}


def test_a_free_offering_that_nothing_leads_to(of: Of) -> None:
    (gap,) = of("vrij-aanbod-zonder-route-of-lijn", **FREE)
    assert (gap.municipality, gap.level, gap.age_from, gap.age_until) == (None, 1, 144, None)
    assert (gap.partner, gap.offering) == ("W", "F")
    assert gap.told() == (
        "aanbod F (W): vrij toegankelijk in Barneveld, Ede, maar er is nog geen route of lijn naartoe geregistreerd."
    )


@pytest.mark.parametrize(
    ("route", "left"),
    [
        ({"from": "H", "to": "W"}, []),
        ({"from": "H", "to": "aanbod:F"}, []),
        ({"from": "H", "to": "aanbod:N"}, [None]),  # to something else of the same partner
        ({"from": "rol:huisarts", "to": "rol:jongerenwerk"}, []),
        ({"from": "H", "to": "W", "kind": "consultatie"}, []),  # a line
        ({"from": "H", "to": "W", "kind": "overbrugging"}, []),
        ({"from": "H", "to": "W", "kind": "melding"}, [None]),  # safety
        ({"from": "W", "to": "H"}, [None]),  # from it, not to it
        ({"from": "H", "to": "W", "municipalities": [EDE]}, [BARNEVELD]),
        ({"from": "H", "to": "W", "valid_from": "2027"}, [None]),
    ],
)
def test_what_leads_to_a_free_offering(of: Of, route: dict[str, Any], left: list[str | None]) -> None:
    found = of("vrij-aanbod-zonder-route-of-lijn", routes=[{"kind": "verwijzing", **route}], **FREE)
    assert [g.municipality for g in found] == left


def test_a_line_leads_to_it_too(of: Of) -> None:
    assert of("vrij-aanbod-zonder-route-of-lijn", lines=[{"from": "H", "to": "W"}], **FREE) == []


def test_free_offerings_are_kept_by_level_age_and_theme(of: Of) -> None:
    def number(**asked: Any) -> int:
        return len(of("vrij-aanbod-zonder-route-of-lijn", asked=asked, **FREE))

    assert (number(levels=[1]), number(levels=[2])) == (1, 0)
    assert (number(ages=[12 * YEAR]), number(ages=[11 * YEAR])) == (1, 0)
    assert number(view="jongeren") == 1
    young = [{**o, "age_from": 0, "age_until": 144} for o in FREE["offerings"]]
    tables = {**FREE, "offerings": young}
    assert of("vrij-aanbod-zonder-route-of-lijn", asked={"view": "jongeren"}, **tables) == []
    themed = [{**o, "themes": ["scheiding"]} for o in FREE["offerings"]]
    for theme, expected in (("scheiding", 1), ("rouw", 0), ("complexe-scheiding", 1)):
        asked = {"themes": [theme]}
        tables = {**FREE, "offerings": themed}
        assert len(of("vrij-aanbod-zonder-route-of-lijn", asked=asked, **tables)) == expected


# --- only elsewhere --------------------------------------------------------------------------------------
def elsewhere(inhabitants: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "municipalities": [{"code": EDE, "name": "Ede", "inhabitants": inhabitants}],
        "partners": [partner("J", "jeugdhulp", locations=[BARNEVELD])],
        "offerings": [offering("O", "J", 2, **more)],
    }


ASKED: dict[str, Any] = {"municipalities": [EDE], "themes": ["opvoeden"]}


@pytest.mark.parametrize(
    ("inhabitants", "ages"),
    [
        (None, (12, 18)),
        (20_000, (12, 18)),
        (19_999, (0, 23)),  # a small municipality: at every age
    ],
)
def test_help_that_stands_elsewhere_only(of: Of, inhabitants: int | None, ages: tuple[int, int]) -> None:
    (gap,) = of("alleen-elders", asked=ASKED, **elsewhere(inhabitants))
    assert (gap.age_from, gap.age_until) == (ages[0] * YEAR, ages[1] * YEAR)
    assert (gap.municipality, gap.theme, gap.level, gap.partner, gap.offering) == (EDE, "opvoeden", 2, "J", "O")
    if ages == (12, 18):
        assert gap.told() == (
            "Ede, 12 t/m 17 jaar, opvoeden: lokaal team en lichte hulp is geregistreerd,"
            " maar staat alleen in een andere gemeente (Barneveld)."
        )


def test_the_years_of_youth_are_cut_out_of_a_longer_run(of: Of) -> None:
    (gap,) = of("alleen-elders", asked=ASKED, **elsewhere(age_from=120, age_until=192))
    assert (gap.age_from, gap.age_until) == (144, 192)
    assert of("alleen-elders", asked=ASKED, **elsewhere(age_until=144)) == []
    assert of("alleen-elders", asked={**ASKED, "ages": [10 * YEAR]}, **elsewhere()) == []


@pytest.mark.parametrize("more", [{"location": EDE}, {"place": ["online"]}, {"place": ["thuis"]}])
def test_what_stands_here_or_comes_here_is_not_elsewhere(of: Of, more: dict[str, Any]) -> None:
    assert of("alleen-elders", asked=ASKED, **elsewhere(**more)) == []


def test_one_that_stands_here_is_enough_and_one_that_does_not_say_is_not_elsewhere(of: Of) -> None:
    tables = elsewhere()
    tables["partners"].append(partner("L", "jeugdhulp"))
    tables["offerings"].append(offering("P", "L", 2))
    assert of("alleen-elders", asked=ASKED, **tables) == []
    tables["offerings"][1]["level"] = "3"  # another level is another question
    assert [g.level for g in of("alleen-elders", asked=ASKED, **tables)] == [2]


# --- much heavy and little free --------------------------------------------------------------------------
def figures(*values: float | None, **more: Any) -> dict[str, Any]:
    """Individual provision in Ede, Barneveld and Nijkerk; free offerings: 1, 2 and 3."""
    codes = (EDE, BARNEVELD, "GM0267")
    rows = [
        {"indicator": "Individuele voorzieningen", "municipality": c, "year": 2025, "value": v, "unit": "per 1.000 jeugdigen"}
        for c, v in zip(codes, values, strict=True)
    ]
    areas = [[EDE, BARNEVELD, "GM0267"], [BARNEVELD, "GM0267"], ["GM0267"]]
    offerings = [offering(f"F{n}", "W", 1, access="vrij", municipalities=a) for n, a in enumerate(areas)]
    settings = {"id": "r", "reference_date": "2026-06-01", "municipalities": sorted(codes)}
    return {
        "region": [settings],
        "partners": [partner("W", "welzijn", *codes)],
        "offerings": offerings,
        "indicators": [{**row, **more} for row in rows],
    }


def test_much_individual_provision_beside_little_that_is_free(of: Of) -> None:
    # 30 is above the middle 20; 1 free offering is below the middle 2
    (gap,) = of("veel-individueel-weinig-vrij", **figures(30.0, 20.0, 10.0))
    assert (gap.municipality, gap.theme) == (EDE, None)
    assert gap.told() == (
        "Ede, alle thema's: Individuele voorzieningen 30 per 1.000 jeugdigen (2025; midden van de regio 20), naast 1 keer vrij"
        " toegankelijk aanbod (midden 2). Over een verband tussen die twee zeggen deze cijfers niets."
    )


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ((20.0, 20.0, 10.0), {}),  # not above the middle
        ((10.0, 20.0, 30.0), {}),  # Nijkerk has most, but most free offerings too
        ((30.0, 20.0, None), {}),  # two have no middle
        ((30.0, 20.0, 10.0), {"unit": "jeugdigen"}),  # a number of children says how large a municipality is
        ((30.0, 20.0, 10.0), {"unit": None}),
        ((30.0, 20.0, 10.0), {"indicator": "langdurig schoolverzuim"}),
        ((30.0, 20.0, 10.0), {"district": "Centrum"}),
    ],
)
def test_when_the_two_are_not_said_side_by_side(of: Of, values: tuple[float | None, ...], more: dict[str, Any]) -> None:
    assert of("veel-individueel-weinig-vrij", **figures(*values, **more)) == []


def test_an_indicator_of_one_theme_is_compared_with_free_offerings_for_it(of: Of) -> None:
    tables = figures(30.0, 20.0, 10.0, theme="rouw")
    (gap,) = of("veel-individueel-weinig-vrij", **tables)
    assert gap.theme == "rouw"
    for row in tables["offerings"]:
        row["themes"] = ["scheiding"]  # then all three have 0 for rouw
    assert of("veel-individueel-weinig-vrij", **tables) == []


def test_the_latest_year_with_enough_municipalities_counts(of: Of) -> None:
    tables = figures(30.0, 20.0, 10.0)
    tables["indicators"] += [{**tables["indicators"][0], "year": 2026, "value": 5.0}]
    (gap,) = of("veel-individueel-weinig-vrij", **tables)
    assert "2025" in gap.told()


# --- the lists themselves --------------------------------------------------------------------------------
def test_named_by_one_partner(of: Of) -> None:
    people = [partner("A", "huisarts"), partner("B", "welzijn"), partner("C", "welzijn")]
    lines = [{"from": "A", "to": "B", "source": "A"}, {"from": "B", "to": "C", "source": "B"}]
    (gap,) = of("door-een-partner-genoemd", partners=people, lines=lines)  # C supplied no list
    assert (gap.partner, gap.municipality) == ("A", EDE)
    assert gap.told() == "A noemt een lijn met B; in de lijst van B staat die niet."
    assert of("door-een-partner-genoemd", partners=people, lines=[*lines, {"from": "B", "to": "A", "source": "B"}]) == []


def test_outdated_waits_are_counted_per_partner(of: Of, regions: ModuleType) -> None:
    waits = [
        regions.wait("G", 7, as_of="2020-01-01"),
        regions.wait("G", 14, as_of="2021-05", themes=["adhd"]),
        regions.wait("aanbod:O", 21, as_of=None),
        regions.wait("aanbod:O", 28, themes=["rouw"]),
        regions.wait("G", "onbekend", as_of="2019", themes=["rouw"]),  # nobody knew it then either
        regions.wait("G", 7, as_of="2019"),  # superseded
    ]
    tables: dict[str, Any] = {"partners": [partner("G", "jeugd-ggz")], "offerings": [offering("O", "G", 3)]}
    (gap,) = of("verouderd", waits=waits, **tables)
    assert (gap.partner, len(gap.sources)) == ("G", 3)
    assert gap.told() == (
        "G: ouder dan 24 maanden of zonder datum zijn 3 van de 4 geregistreerde wachttijden (jongste: 2021-05)."
    )
    assert of("verouderd", waits=[regions.wait("G", 7)], **tables) == []
    assert "de enige geregistreerde wachttijd" in of("verouderd", waits=waits[:1], **tables)[0].told()


def test_partners_that_nobody_checked_are_told_once(of: Of) -> None:
    tables: dict[str, Any] = {
        "partners": [partner("G", "jeugd-ggz")],
        "offerings": [offering("O", "G", 3), offering("P", "G", 3)],
    }
    (gap,) = of("ongeverifieerd", **tables)
    assert (gap.partner, gap.told()) == ("G", "G: bij geen enkel gegeven staat dat iemand het heeft nagekeken.")
    checked = {**tables, "offerings": [offering("O", "G", 3, verified_on="2026-01-01")]}
    assert of("ongeverifieerd", **checked) == []
    assert of("ongeverifieerd", confirmations=[{"partner": "G", "correct": True}], **tables) == []


# --- all of them -----------------------------------------------------------------------------------------
def test_every_kind_has_a_heading_and_a_sentence_in_both_languages() -> None:
    for kind in KINDS:
        assert set(sentences()[f"gaps.kinds.{kind}"]) == {"nl", "en"}
    assert [k for k in KINDS if not any(key.startswith("gaps.says.") for key in sentences())] == []


def test_json_of_a_gap(of: Of) -> None:
    (gap,) = of("geen-afschaling", **STEP_DOWN)
    told = gap.as_dict("en")
    assert set(told) == {
        "kind", "municipality", "theme", "level", "age_from", "age_until", "partner", "offering", "text", "sources"
    }  # fmt: skip
    assert (told["text"], told["sources"][0]["id"]) == (gap.told("en"), "O")


def test_gaps_of_partners_elsewhere_are_not_told(of: Of) -> None:
    assert of("geen-afschaling", asked={"municipalities": ["GM0267"]}, **STEP_DOWN) == []
    assert [g.municipality for g in of("geen-afschaling", asked={"municipalities": [EDE]}, **STEP_DOWN)] == [EDE]
