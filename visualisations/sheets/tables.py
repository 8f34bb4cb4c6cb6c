"""The tables: everything that the page tells, once, as HTML that is there without scripts.

The view Aanbod and the details panel take their texts from these rows: they say nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..material import COALITION, OFFERING, ROUTE, Material, Row
from ..telling import conditions, inner, origin, outer, validity, whom
from . import reach

#: The columns by sheet: each is a sentence map.field.NAME, and the page finds cells by these names.
COLUMNS: Final = {
    "partners": (
        "name", "role", "ask_for", "not_for", "contact_function", "contact", "website", "serves", "further",
        "response", "source",
    ),
    "offerings": (
        "name", "partner", "description", "level", "themes", "whom", "access", "how_to_apply", "serves",
        "further", "source",
    ),
    "routes": ("route", "route_kind", "conditions", "decision", "basis", "further", "source"),
    "waits": ("subject", "wait_kind", "wait", "as_of", "status", "measurement", "for", "response", "source"),
    "lines": ("line", "strength", "fixed_contact", "consultation", "since", "source"),
    "agreements": (
        "what", "agreement_kind", "agreement_status", "partners", "owner", "evaluate_on", "source",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells in the order of the columns, and where it counts (None: everywhere)."""

    cells: tuple[str, ...]
    reach: reach.Reach


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table under its heading."""

    id: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    #: What is said of rows that are not in it.
    note: str = ""


def sheets(material: Material) -> Iterator[Sheet]:
    """Every table of this edition, in the order in which people ask."""
    yield _sheet(material, "partners", _partners(material))
    yield _sheet(material, "offerings", _offerings(material))
    yield _sheet(material, "routes", _routes(material))
    replaced = len(material.waits) - len(material.waits_told)
    note = material.words.say("table.replaced", n=replaced) if replaced else ""
    yield replace(_sheet(material, "waits", _waits(material, material.waits_told)), note=note)
    if material.edition == COALITION:
        yield _sheet(material, "lines", _lines(material))
        yield _sheet(material, "agreements", _agreements(material))


def by_id(material: Material, name: str) -> dict[str, Line]:
    """The rows of one table by id."""
    rows: dict[str, tuple[Iterable[str], Callable[[Material], Iterator[Line]]]] = {
        "partners": (material.partners, _partners),
        "offerings": (material.offerings, _offerings),
        "routes": (material.routes, _routes),
        "waits": ((row["id"] for row in material.waits), lambda m: _waits(m, m.waits)),
        "lines": ((row["id"] for row in material.lines), _lines),
        "agreements": ((row["id"] for row in material.agreements), _agreements),
    }
    ids, lines = rows[name]
    return dict(zip(ids, lines(material), strict=True))


def _sheet(material: Material, name: str, lines: Iterable[Line]) -> Sheet:
    say = material.words.say
    return Sheet(name, say(f"table.{name}"), tuple(say(f"field.{c}") for c in COLUMNS[name]), tuple(lines))


def _named(material: Material, endpoint: str) -> str:
    name = material.name(endpoint)
    return inner(name, endpoint) if material.knows(endpoint) else name


def _further(material: Material, facts: Iterable[tuple[str, str | None]]) -> str:
    """Facts that few rows have, each with its label, one per line."""
    say = material.words.say
    return "\n".join(say("word.labelled", label=say(f"field.{key}"), text=text) for key, text in facts if text)


def _partners(material: Material) -> Iterator[Line]:
    words, say = material.words, material.words.say
    for id_, row in material.partners.items():
        names = [n for n in (row["short_name"], *(row["other_names"] or ())) if n]
        facts = (
            ("other_names", ", ".join(names)),
            ("locations", material.areas(row["locations"]) if row["locations"] else None),
            ("part_of", material.name(row["part_of"]) if row["part_of"] else None),
        )
        yield Line(
            (
                inner(row["name"], id_),
                material.roles(row["roles"]),
                row["ask_for"] or words.unknown,
                row["not_for"] or words.unknown,
                row["contact_function"] or "",
                row["contact"] or "",
                outer(row["website"]),
                material.areas(row["municipalities"]) if row["municipalities"] else say("area.assumed"),
                _further(material, facts),
                say("word.quote", text=row["response"]) if row["response"] else "",
                origin(material, row),
            ),
            reach.of_areas(row["municipalities"]),
        )


def _offerings(material: Material) -> Iterator[Line]:
    words, say = material.words, material.words.say
    for id_, row in material.offerings.items():
        weeks = say("wait.weeks", n=f"{row['duration_weeks']:g}") if row["duration_weeks"] else None
        facts = (
            ("place", words.labels("place", row["place"]) if row["place"] else None),
            ("location", material.areas([row["location"]]) if row["location"] else None),
            ("methods", words.labels("method", row["methods"]) if row["methods"] else None),
            ("costs", row["costs"]),
            ("duration", weeks),
            ("valid", validity(material, row)),
        )
        yield Line(
            (
                inner(row["name"], OFFERING + id_),
                material.name(row["partner"]) if row["partner"] else say("word.initiative"),
                row["description"] or "",
                words.label("level", row["level"]),
                material.themes(row["themes"]),
                whom(material, row),
                words.label("access", row["access"]),
                row["how_to_apply"] or words.unknown,
                material.areas(row["municipalities"]) if row["municipalities"] else _area_of_partner(material, row),
                _further(material, facts),
                origin(material, row),
            ),
            reach.of_offering(material, row),
        )


def _area_of_partner(material: Material, row: Row) -> str:
    return material.words.say("area.of_partner" if row["partner"] else "area.assumed")


def _routes(material: Material) -> Iterator[Line]:
    words, say = material.words, material.words.say
    for id_, row in material.routes.items():
        roles = [material.name(e) for e in (row["from"], row["to"]) if e.startswith("rol:")]
        days = row["handover_days"]
        facts = (
            ("handover", words.weeks(days, days) if days is not None else None),
            ("valid", validity(material, row)),
            ("note", say("word.stated_of_roles", roles=", ".join(roles)) if roles else None),
        )
        yield Line(
            (
                inner(material.name(ROUTE + id_), ROUTE + id_),
                words.label("route-kind", row["kind"]),
                "\n".join(filter(None, [row["conditions"], *conditions(material, row)])),
                words.yes_no(row["decision_needed"]),
                words.label("basis", row["basis"]),
                _further(material, facts),
                origin(material, row),
            ),
            reach.of_route(material, row),
        )


def _waits(material: Material, rows: Iterable[Row]) -> Iterator[Line]:
    words, say = material.words, material.words.say
    for row in rows:
        measured = [words.label("measurement", row["basis"])]
        if row["clock_from"] or row["clock_to"]:
            start, end = (row[c] or words.unknown for c in ("clock_from", "clock_to"))
            measured.append(say("wait.clock", start=start, end=end))
        one = row["on"][0]
        yield Line(
            (
                _named(material, one) if len(row["on"]) == 1 else " → ".join(material.name(e) for e in row["on"]),
                words.label("wait-kind", row["kind"]),
                words.registered(row, row["outdated"]),
                _as_of(material, row),
                say(f"status.{_status(row)}"),
                "\n".join(measured),
                "\n".join(conditions(material, row)),
                material.responses(row["on"]),
                origin(material, row),
            ),
            reach.of_wait(material, row),
        )


def _as_of(material: Material, row: Row) -> str:
    words = material.words
    if not row["as_of"]:
        return words.unknown
    return f"{words.date(row['as_of'])}, {words.age_of(row['as_of'], material.landscape.settings.reference_date)}"


def _status(row: Row) -> str:
    if row["state"] == "uitspraak":
        return "statement"
    if row["replaced"]:
        return "replaced"
    return "outdated" if row["outdated"] else "current"


def _lines(material: Material) -> Iterator[Line]:
    words = material.words
    for row in material.lines:
        yield Line(
            (
                words.say("word.line", one=material.name(row["from"]), other=material.name(row["to"])),
                words.label("strength", row["strength"]),
                words.yes_no(row["fixed_contact"]),
                row["consultation"] or words.unknown,
                words.date(row["since"]),
                origin(material, row),
            ),
            reach.of_partners(material, (row["from"], row["to"])),
        )


def _agreements(material: Material) -> Iterator[Line]:
    words = material.words
    for row in material.agreements:
        yield Line(
            (
                row["what"] or words.unknown,
                words.label("agreement-kind", row["kind"]),
                words.label("agreement-status", row["status"]),
                ", ".join(material.name(p) for p in row["partners"] or ()) or words.unknown,
                row["owner"] or words.unknown,
                words.date(row["evaluate_on"]),
                origin(material, row),
            ),
            reach.of_areas(row["municipalities"]),
        )
