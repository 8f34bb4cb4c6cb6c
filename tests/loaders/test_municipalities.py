"""Names of municipalities: every one of today and of before is read, or is a finding; never a silent guess."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders.codes import CODES
from routekaart.loaders.municipalities import MunicipalityNames
from routekaart.loaders.read import read
from routekaart.ontology.gazetteer import meanings, name_key, province_behind
from routekaart.ontology.municipalities import (
    former_municipalities,
    municipalities,
    municipalities_since,
    places,
    provinces,
    today,
)

REGION = ("Ede", "Barneveld", "Nijkerk", "Rhenen", "Veenendaal", "Renswoude", "Scherpenzeel", "Wageningen")
NAMES = MunicipalityNames()
HERE = MunicipalityNames(region=REGION, called=["Gelderse Vallei"], youth_regions={"FoodValley": ["GM0203", "GM0228"]})

#: Municipalities on 1 January, as CBS published them (StatLine, Gemeentelijke indeling).
PER_YEAR = {
    1990: 672, 1991: 647, 1992: 647, 1993: 646, 1994: 636, 1995: 633, 1996: 625, 1997: 572, 1998: 548, 1999: 538, 2000: 537,
    2001: 504, 2002: 496, 2003: 489, 2004: 483, 2005: 467, 2006: 458, 2007: 443, 2008: 443, 2009: 441, 2010: 431, 2011: 418,
    2012: 415, 2013: 408, 2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380, 2019: 355, 2020: 355, 2021: 352, 2022: 345,
    2023: 342,
}  # fmt: skip
#: Municipalities per province on 1 January 2023 (CBS).
PER_PROVINCE = {
    "Groningen": 10, "Fryslân": 18, "Drenthe": 12, "Overijssel": 25, "Flevoland": 6, "Gelderland": 51, "Utrecht": 26,
    "Noord-Holland": 44, "Zuid-Holland": 50, "Zeeland": 13, "Noord-Brabant": 56, "Limburg": 31,
}  # fmt: skip


# --- the data itself ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("year", "number"), PER_YEAR.items())
def test_as_many_municipalities_as_cbs_counted_in_every_year(year: int, number: int) -> None:
    day = f"{year}-01-01"
    still = sum(1 for code in municipalities() if municipalities_since().get(code, "") <= day)
    then = sum(1 for former in former_municipalities().values() if former.began <= day < former.ended)
    assert still + then == number


def test_as_many_municipalities_per_province_as_cbs_counted() -> None:
    found = list(provinces().values())
    assert {p: found.count(p) for p in set(found)} == PER_PROVINCE


def test_every_successor_is_a_municipality_of_today_or_ended_no_earlier() -> None:
    for former in former_municipalities().values():
        assert former.successors, former
        assert former.code not in municipalities()
        assert former.began < former.ended
        for after in former.successors:
            later = former_municipalities().get(after)
            assert after in municipalities() or (later is not None and later.ended >= former.ended), former
        assert set(today(former.code)) <= set(municipalities())
        assert today(former.code)


def test_two_lists_agree_on_where_a_former_municipality_lies() -> None:
    # places.csv and former_municipalities.csv were made apart: a village that was a municipality must lie where that ended
    elsewhere = {
        "Hengelo (Gld)",
        "Loenen",
        "Tienhoven (ZH)",
        "Sloten (NH)",
        "Beek (NB)",
        "Driel",
    }  # namesakes, looked at one by one
    known = {name_key(name): codes for name, codes in places().items()}
    compared = 0
    for former in former_municipalities().values():
        codes = known.get(name_key(province_behind(former.name)[0].removesuffix(" (oud)")))
        if codes and former.name not in elsewhere:
            compared += 1
            assert set(codes) & set(today(former.code)), former
    assert compared > 700


def test_every_place_lies_in_a_municipality_of_today() -> None:
    assert len(places()) > 2_000
    for codes in places().values():
        assert codes
        assert set(codes) <= set(municipalities())


# --- one name ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Ede", "GM0228"), ("gemeente Ede", "GM0228"), ("Gem. Ede", "GM0228"), ("Ede (Gld)", "GM0228"), ("Ede, Gld", "GM0228"),
        ("EDE", "GM0228"), ("GM0228", "GM0228"), ("gm228", "GM0228"), ("0228", "GM0228"), ("228", "GM0228"), ("6711 AB Ede", "GM0228"),
        ("Den Haag", "GM0518"), ("'s-Gravenhage", "GM0518"), ("’s Gravenhage", "GM0518"), ("Den Bosch", "GM0796"),
        ("s-Hertogenbosch", "GM0796"), ("Bergen (NH)", "GM0373"), ("Bergen NH", "GM0373"), ("Bergen (L.)", "GM0893"),
        ("Hengelo", "GM0164"), ("Hengelo (O)", "GM0164"), ("Beek", "GM0888"), ("Sudwest-Fryslan", "GM1900"),
        ("Súdwest Fryslân", "GM1900"), ("Utrechtse Heuvelrug", "GM1581"), ("UHR", "GM1581"), ("De Bilt", "GM0310"),
        ("Ysselstein", "GM0353"), ("IJsselstein", "GM0353"), ("Alphen a/d Rijn", "GM0484"), ("Krimpen a.d. IJssel", "GM0542"),
        ("Bergen op Zoom", "GM0748"), ("Nuenen, Gerwen en Nederwetten", "GM0820"), ("Utrecht", "GM0344"), ("Groningen", "GM0014"),
    ],
)  # fmt: skip
def test_a_municipality_of_today_is_read_without_a_word(written: str, code: str) -> None:
    parsed = NAMES.code(written)
    assert parsed.value == code
    assert parsed.issues == ()


@pytest.mark.parametrize(
    ("written", "code", "finding", "year"),
    [
        ("Hoevelaken", "GM0267", "merged-municipality", 2000),
        ("gemeente Arnemuiden", "GM0687", "merged-municipality", 1997),
        ("Lingewaal", "GM1960", "merged-municipality", 2019),
        ("Geldermalsen", "GM1960", "merged-municipality", 2019),
        ("Weesp", "GM0363", "merged-municipality", 2022),
        ("Boxmeer", "GM1982", "merged-municipality", 2022),
        ("Hengelo (Gld)", "GM1876", "merged-municipality", 2005),
        ("Sneek", "GM1900", "merged-municipality", 2011),
        ("GM0253", "GM0267", "merged-municipality", 2000),
        ("Bennekom", "GM0228", "place-not-municipality", None),
        ("Hoogland", "GM0307", "place-not-municipality", None),
        ("Elst (U)", "GM0340", "place-not-municipality", None),
    ],
)  # fmt: skip
def test_a_name_of_before_and_a_place_are_read_and_said(written: str, code: str, finding: str, year: int | None) -> None:
    parsed = NAMES.code(written)
    assert parsed.value == code
    (issue,) = parsed.issues
    assert issue.code == finding
    assert dict(issue.said).get("year") == year
    assert CODES[finding] == "opmerking"


@pytest.mark.parametrize(
    ("written", "finding", "proposed"),
    [
        ("Bergen", "ambiguous-municipality", "Bergen (L.); Bergen (NH.)"),
        ("Haren", "ambiguous-municipality", "Groningen; Oss"),
        ("Velp", "ambiguous-municipality", "Land van Cuijk; Rheden"),
        ("Littenseradiel", "split-municipality", "Leeuwarden; Súdwest-Fryslân; Waadhoeke"),
        ("Haaren", "split-municipality", "Boxtel; Oisterwijk; Tilburg; Vught"),
        ("Maasdonk", "split-municipality", "'s-Hertogenbosch; Oss"),
        ("Gelderland", "province-not-municipality", None),
        ("Zeeland", "province-not-municipality", None),
        ("provincie Utrecht", "province-not-municipality", None),
        ("Barnveld", "unknown-municipality", "Barneveld"),
        ("Hengelo (L)", "unknown-municipality", "Bronckhorst; Hengelo (O.)"),
        ("Nergenshuizen", "unknown-municipality", None),
    ],
)  # fmt: skip
def test_what_can_mean_several_or_none_is_not_read(written: str, finding: str, proposed: str | None) -> None:
    parsed = NAMES.code(written)
    assert parsed.value is None
    (issue,) = parsed.issues
    assert (issue.code, issue.suggestion) == (finding, proposed)


def test_the_region_decides_between_namesakes_and_the_finding_says_so() -> None:
    limburg = MunicipalityNames(region=["Gennep", "Bergen (L)"])
    parsed = limburg.code("Bergen")
    assert (parsed.value, parsed.issues[0].code) == ("GM0893", "namesake-read")
    assert (HERE.code("Elst").value, HERE.code("Elst").issues[0].code) == ("GM0340", "namesake-read")
    # a village far away that looks like a municipality of the region is more often a slip of the pen
    slip = HERE.code("Eede")
    assert slip.value is None
    assert slip.issues[0].suggestion == "Ede; Sluis"
    assert NAMES.code("Eede").value == "GM1714"


def test_the_regions_own_list_wins() -> None:
    own = MunicipalityNames([("GM9001", "Voorbeeldstad"), ("GM0228", "Groot-Ede"), ("GM0373", "Bergen")])
    assert own.code("voorbeeldstad").value == "GM9001"
    assert own.code("GM9001").value == "GM9001"
    assert own.code("Groot Ede").value == own.code("Ede").value == "GM0228"
    assert own.code("Bergen").value == "GM0373"
    assert own.code("Bergen").issues == ()


# --- lists -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Ede; Barneveld", ["GM0203", "GM0228"]),
        ("Ede, Barneveld en Nijkerk", ["GM0203", "GM0228", "GM0267"]),
        ("Ede/Barneveld + Nijkerk & Rhenen", ["GM0203", "GM0228", "GM0267", "GM0340"]),
        ("Ede - Barneveld", ["GM0203", "GM0228"]), ("Ede-Barneveld", ["GM0203", "GM0228"]), ("Ede Barneveld", ["GM0203", "GM0228"]),
        ("gemeenten Ede en Barneveld", ["GM0203", "GM0228"]),
        ("Hof van Twente, Bergen op Zoom", ["GM0748", "GM1735"]),
        ("Alphen aan den Rijn en Gilze en Rijen", ["GM0484", "GM0784"]),
        ("Nuenen, Gerwen en Nederwetten, Son en Breugel", ["GM0820", "GM0848"]),
        ("Mook en Middelaar/Aa en Hunze", ["GM0944", "GM1680"]),
        ("alle gemeenten", ["regio"]), ("de hele regio", ["regio"]), ("Gelderse Vallei", ["regio"]), ("regio Gelderse Vallei", ["regio"]),
        ("heel Nederland", ["landelijk"]), ("Landelijk", ["landelijk"]),
    ],
)  # fmt: skip
def test_a_list_of_names_however_it_is_written(written: str, codes: list[str]) -> None:
    parsed = HERE.area(written)
    assert parsed.value == codes
    assert parsed.issues == ()


@pytest.mark.parametrize(
    ("written", "codes", "finding", "proposed"),
    [
        ("alle behalve Ede", None, "area-except", "Barneveld; Nijkerk; Renswoude; Rhenen; Scherpenzeel; Veenendaal; Wageningen"),
        ("regio m.u.v. Ede en Nijkerk", None, "area-except", "Barneveld; Renswoude; Rhenen; Scherpenzeel; Veenendaal; Wageningen"),
        ("Ede e.o.", ["GM0228"], "area-around", "Ede"),
        ("Ede en omstreken", ["GM0228"], "area-around", "Ede"),
        ("regio FoodValley", ["GM0203", "GM0228"], "youth-region-read", "Barneveld; Ede"),
        ("Gelderland", None, "province-not-municipality", "Barneveld; Ede; Nijkerk; Scherpenzeel; Wageningen"),
        ("Bennekom en Ede", ["GM0228"], "place-not-municipality", "Ede"),
        ("Wij komen in Ede en soms verder als dat nodig is", None, "unknown-municipality", "Ede"),
    ],
)  # fmt: skip
def test_what_a_list_leaves_open_is_a_finding(written: str, codes: list[str] | None, finding: str, proposed: str) -> None:
    parsed = HERE.area(written)
    assert parsed.value == codes
    assert [(i.code, i.suggestion) for i in parsed.issues] == [(finding, proposed)]


def test_an_unknown_area_is_an_empty_cell() -> None:
    for written in ("onbekend", "?", "-"):
        assert HERE.area(written).value is None
        assert HERE.area(written).issues == ()


# --- properties --------------------------------------------------------------------------------------------
_TODAY = sorted((code, name) for code, names in municipalities().items() for name in names)
_BEFORE = sorted((f.code, f.name.removesuffix(" (oud)")) for f in former_municipalities().values())


def _noisy(name: str, draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    if draw(st.booleans()):
        name = name.replace("-", " ").replace("'", "’")
    name = draw(st.sampled_from((name, name.upper(), name.lower(), f"  {name}. ", f"gemeente {name}", f"Gem. {name}")))
    return name.replace(" ", draw(st.sampled_from((" ", "  ", "\u00a0"))))


@st.composite
def noisy(draw: st.DrawFn, names: list[tuple[str, str]]) -> tuple[str, str]:
    code, name = draw(st.sampled_from(names))
    return code, _noisy(name, draw)


@given(noisy(_TODAY))
def test_every_name_of_today_is_read_however_it_is_spelt(case: tuple[str, str]) -> None:
    code, written = case
    for parsed in (NAMES.code(written), HERE.code(written)):
        assert parsed.value == code, written


@given(noisy(_BEFORE))
def test_every_name_of_before_is_read_as_its_successor_or_is_a_finding(case: tuple[str, str]) -> None:
    code, written = case
    for names in (NAMES, HERE):
        parsed = names.code(written)
        if parsed.value is None:
            assert [CODES[i.code] for i in parsed.issues] == ["fout"]
        elif parsed.issues:
            assert parsed.value in today(code) or parsed.issues[0].code == "namesake-read"
        else:
            # a name of today that is spelt alike, and only that, is read without a word
            alike = [
                m
                for m in meanings()[name_key(re.sub(r"^(?:gemeente|Gem\.)\s+", "", written.strip(" .")))]
                if m.kind == "municipality"
            ]
            assert [m.codes for m in alike] == [(parsed.value,)]


@given(
    st.lists(st.sampled_from(_TODAY), min_size=1, max_size=6, unique=True),
    st.sampled_from(("; ", ", ", " / ", " + ", " en ", " & ")),
)
def test_a_list_of_names_of_today_is_read_whole(items: list[tuple[str, str]], between: str) -> None:
    parsed = NAMES.area(between.join(name for _, name in items))
    assert parsed.value == sorted({code for code, _ in items})
    assert parsed.issues == ()


@given(st.text(max_size=60))
def test_any_text_gives_known_codes_or_a_finding(text: str) -> None:
    parsed = HERE.area(text)
    assert set(parsed.value or ()) <= {*municipalities(), "regio", "landelijk"}
    one = HERE.code(text)
    assert one.value is None or one.value in municipalities()
    assert all(i.code in CODES for i in (*parsed.issues, *one.issues))


# --- through the door ----------------------------------------------------------------------------------------
def test_findings_tell_year_and_name(make_data) -> None:  # type: ignore[no-untyped-def]
    folder: Path = make_data(
        partners=[
            {"id": "P1", "naam": "Eén", "gemeenten": "Hoevelaken, Bennekom"},
            {"id": "P2", "naam": "Twee", "gemeenten": "Littenseradiel"},
            {"id": "P3", "naam": "Drie", "gemeenten": "alle behalve Ede"},
        ],
        toml='[regio]\npeildatum = "2026-06-01"\nnaam = "Proefregio"\ngemeenten = ["Ede", "Nijkerk"]\n',
    )
    reading = read(folder)
    told = {f.code: f.message() + " " + f.cure() for f in reading.findings}
    assert reading.landscape["partners"]["municipalities"].to_list() == [["GM0228", "GM0267"], None, None]
    assert "Hoevelaken" in told["merged-municipality"]
    assert "2000" in told["merged-municipality"]
    assert "Nijkerk" in told["merged-municipality"]
    assert "Ede" in told["place-not-municipality"]
    assert "2018" in told["split-municipality"]
    assert "Waadhoeke" in told["split-municipality"]
    assert "Nijkerk" in told["area-except"]
