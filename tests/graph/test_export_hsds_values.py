"""What HSDS says of waits, status, ages, terms and texts of ours, value by value."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routekaart.graph.exports.formats import export
from routekaart.graph.exports.hsds_values import maximum_age, minimum_age, reached, taken_apart
from routekaart.graph.landscape import Landscape
from routekaart.loaders.hsds.waiting import in_dutch
from routekaart.loaders.read import Reading, read
from routekaart.ontology.concepts import scheme


def document(landscape: Landscape, lang: str = "nl") -> dict[str, Any]:
    out = io.BytesIO()
    export(landscape, "hsds", out, lang)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def services(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for o in found["organizations"] for s in o.get("services", [])] + found["services"]


# --- waits -----------------------------------------------------------------------------------------------
def offered(landscape_of: Callable[..., Landscape], *waits: dict[str, str], **offering: str) -> dict[str, Any]:
    """The one service of a region with one offering and some waits on it."""
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een"}],
        aanbod=[{"id": "O1", "partner": "P1", "naam": "Aanbod", "geverifieerd_op": "2026-05-01", **offering}],
        **({"wachttijden": [{"op": "aanbod:O1", "peildatum": "2026-05-01", **w} for w in waits]} if waits else {}),
    )
    (service,) = services(document(landscape))
    return service


def test_a_total_wait_of_the_day_of_the_service_is_its_wait_time(landscape_of: Callable[..., Landscape]) -> None:
    assert offered(landscape_of, {"soort": "totaal", "waarde": "8 - 12 weken"})["wait_time"] == "8 - 12 weken"


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        # a total of another day would come back dated 1 May
        ({"soort": "totaal", "waarde": "8 weken", "peildatum": "2026-04-01"}, "8 weken (peildatum 2026-04-01)"),
        # a wait until the first appointment would come back as one until help starts
        ({"soort": "aanmeldwachttijd", "waarde": "8 weken"}, "van aanmelding tot eerste afspraak: 8 weken"),
        ({"soort": "behandelwachttijd", "waarde": "direct"}, "tot start van de hulp: direct"),
        ({"soort": "totaal", "waarde": "", "weken_mediaan": "4", "weken_p90": "9"}, "weken (peildatum 2026-05-01)"),
    ],
)
def test_any_other_wait_is_said_so_that_no_reader_takes_it_for_a_total(
    wait: dict[str, str], said: str, landscape_of: Callable[..., Landscape]
) -> None:
    text = offered(landscape_of, wait)["wait_time"]
    assert said in text
    assert in_dutch(text) is None


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_wait_of_the_examples_is_taken_for_another(lang: str, example: Reading) -> None:
    landscape = example.landscape
    totals = {w["value"] for w in landscape["waits"].iter_rows(named=True) if w["kind"] == "totaal"}
    said = [s["wait_time"] for s in services(document(landscape, lang)) if "wait_time" in s]
    assert [t for t in said if in_dutch(t) is not None and t not in totals] == []


def test_waits_under_conditions_and_old_ones_are_not_told(landscape_of: Callable[..., Landscape]) -> None:
    service = offered(
        landscape_of,
        {"soort": "aanmeldwachttijd", "waarde": "8 weken", "gemeenten": "Ede"},
        {"soort": "aanmeldwachttijd", "waarde": "9 weken", "peildatum": "2020-01-01"},
    )
    assert "wait_time" not in service


@pytest.mark.parametrize(
    ("wait", "offering", "status"),
    [
        ({}, {}, "active"),
        ({"soort": "aanmeldwachttijd", "waarde": "aanmeldstop"}, {}, "temporarily closed"),
        ({"soort": "aanmeldwachttijd", "waarde": "aanmeldstop", "peildatum": "2020-01-01"}, {}, "active"),
        ({}, {"geldig_tot": "2026-06-01"}, "inactive"),
        ({}, {"geldig_tot": "2026-06-02"}, "active"),
        ({}, {"geldig_van": "2026-06-02"}, "inactive"),
    ],
)
def test_status(wait: dict[str, str], offering: dict[str, str], status: str, landscape_of: Callable[..., Landscape]) -> None:
    """On the reference date 2026-06-01; until is exclusive, as everywhere."""
    assert offered(landscape_of, *([wait] if wait else []), **offering)["status"] == status


# --- values ----------------------------------------------------------------------------------------------
def test_every_age_in_months_comes_back(tmp_path: Path) -> None:
    """All ages from 1 month to 26 years as beginning and as end, through the loader."""
    ages = range(1, 26 * 12)
    records = [
        {"id": f"s{n}", "name": "x", "status": "active", "minimum_age": minimum_age(n), "maximum_age": maximum_age(n + 1)}
        for n in ages
    ]
    assert all(r["maximum_age"] >= r["minimum_age"] - 1 for r in records)
    lows = [{k: v for k, v in r.items() if k != "maximum_age"} for r in records]
    highs = [{**{k: v for k, v in r.items() if k != "minimum_age"}, "id": r["id"] + "h"} for r in records]
    (tmp_path / "services.json").write_text(json.dumps(lows + highs), "utf-8")
    found = {row["id"]: row for row in read(tmp_path).landscape["offerings"].iter_rows(named=True)}
    assert [found[f"s{n}"]["age_from"] for n in ages] == list(ages)
    assert [found[f"s{n}h"]["age_until"] for n in ages] == [n + 1 for n in ages]


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("info@cjg.example", ("info@cjg.example", None)),
        ("0318 123 456", (None, "0318 123 456")),
        ("bel 0318-123456 of mail info@cjg.example", ("info@cjg.example", "0318-123456")),
        ("info2030405060@cjg.example", ("info2030405060@cjg.example", None)),
        ("via de website", (None, None)),
        (None, (None, None)),
    ],
)
def test_how_a_partner_is_reached(contact: str | None, found: tuple[str | None, str | None]) -> None:
    assert reached(contact) == found


def test_a_description_is_taken_apart_as_the_loader_put_it_together() -> None:
    lines = (
        "Een cursus.",
        "In zes avonden.",
        "Ook bekend als: Thuis",
        "Voor wie: ouders",
        "Voor wie: van 0 tot 4",
        "Meer informatie: https://x.nl",
    )
    assert taken_apart("\n".join(lines)) == {
        "description": "Een cursus.\nIn zes avonden.",
        "alternate_name": "Thuis",
        "eligibility_description": "ouders\nvan 0 tot 4",
        "url": "https://x.nl",
    }
    assert taken_apart(None) == {"description": None}
    assert taken_apart("Voor wie: ouders\nEen cursus.") == {"description": "Voor wie: ouders\nEen cursus."}
    assert taken_apart("Meer informatie: a\nMeer informatie: b") == {"description": "Meer informatie: a", "url": "b"}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_term_is_read_as_another_concept(lang: str) -> None:
    """The loader looks in these three schemes, in this order, for the name of any term of a service."""
    schemes = [scheme(n) for n in ("theme", "method", "audience")]
    for name in ("theme", "method", "audience", "level", "access"):
        own = scheme(name)
        for slug in own.slugs:
            read_as = next(((s.name, found) for s in schemes if (found := s.find(own.label(slug, lang)))), None)
            assert read_as == ((name, slug) if own in schemes else None), (name, slug)


def test_a_contact_is_a_function_and_no_person(landscape_of: Callable[..., Landscape]) -> None:
    landscape = landscape_of(
        partners=[{"id": "P1", "naam": "Een", "contact": "info@een.example", "aanspreekpunt": "intern begeleider"}]
    )
    (organization,) = document(landscape)["organizations"]
    assert organization["email"] == "info@een.example"
    assert [set(c) for c in organization["contacts"]] == [{"id", "title"}]
    assert organization["contacts"][0]["title"] == "intern begeleider"


def test_hostile_texts_are_texts(landscape_of: Callable[..., Landscape]) -> None:
    name = '"</script> \\ \n & é ☃ {x}'
    landscape = landscape_of(
        partners=[{"id": "P/1 #é", "naam": name, "niet_voor": "x"}],
        aanbod=[{"id": "O/1", "partner": "P/1 #é", "naam": name, "omschrijving": name, "aanmelden": name}],
    )
    found = document(landscape)
    assert found["organizations"][0]["name"] == name
    (service,) = services(found)
    assert (service["name"], service["description"], service["application_process"]) == (name, name, name)
    assert found["organizations"][0]["uri"].endswith("/partners/P%2F1%20%23%C3%A9")
