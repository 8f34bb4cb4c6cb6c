"""Gaps in who can be called: contacts between partners, roles that nobody is known to hold, somebody to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ....ontology.concepts import scheme
from ...places import FAMILY
from ...waiting import Source
from ..one_sided import one_sided
from .parts import Asked, Gap, Word, gap

NO_CONTACT: Final = "geen-vast-aanspreekpunt"
MISSING_ROLE: Final = "ontbrekende-rol"
NO_FIRST_CONTACT: Final = "geen-eerste-aanspreekpunt"
NAMED_BY_ONE: Final = "door-een-partner-genoemd"

#: Columns of the map whose roles are no link of a route: not on the map, and safety, which stands apart.
_NO_LINK: Final = frozenset(("geen", "apart"))
#: The chain that families know; the access is the municipality itself or its local team.
_CHAIN: Final = ("huisarts", "soj")
_ACCESS: Final = ("gemeente", "lokaal-team")
#: An entry that a family in the Netherlands only sees after a referral.
_BY_REFERRAL: Final = "medisch-specialist"


def no_contact(asked: Asked) -> Iterator[Gap]:
    """Registered lines without a fixed contact (no or not stated), and partners without any contact.

    Of several rows on one line one that says yes is enough, and so is an agreement on a fixed contact between the two
    that is in force. A partner is listed where it states no contact function and no line or agreement of it has a fixed
    contact. Partners that are not on the map (a coalition, a purchasing office) and safety are left out.
    """
    landscape = asked.landscape
    lines: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in landscape["lines"].iter_rows(named=True):
        first, second = sorted((row["from"], row["to"]))
        lines.setdefault((first, second), []).append(row)
    fixed = {frozenset(pair) for pair, rows in lines.items() if any(row["fixed_contact"] for row in rows)}
    agreed = [set(row["partners"]) for row in asked.registered.agreements("aanspreekpunt") if row["partners"]]
    shown = {p for p in asked.served if _on_map(asked, p)}
    for pair, rows in sorted(lines.items(), key=lambda line: [asked.name(p).casefold() for p in line[0]]):
        settled = frozenset(pair) in fixed or any(set(pair) <= partners for partners in agreed)
        if not settled and not shown.isdisjoint(pair) and not any(map(asked.is_safety, pair)):
            yield _line_without_contact(asked, rows)
    reached = {p for pair in fixed for p in pair} | {p for partners in agreed for p in partners}
    partners = landscape["partners"]
    silent = {row["id"]: row for row in partners.filter(partners["contact_function"].is_null()).iter_rows(named=True)}
    for partner, served in asked.served.items():
        if partner in shown and partner in silent and partner not in reached:
            municipality = next(asked.where(served, served), None)
            words: dict[str, Word] = {"partner": asked.name(partner), "place": asked.place(municipality, served)}
            source = Source.of("partners", silent[partner])
            yield gap(NO_CONTACT, "geen-aanspreekpunt", words, [source], municipality=municipality, partner=partner)


def _line_without_contact(asked: Asked, rows: list[dict[str, Any]]) -> Gap:
    start, end = rows[0]["from"], rows[0]["to"]
    shared = [code for code in asked.served.get(start, ()) if code in asked.served.get(end, ())]
    # a line across a border is about every municipality that either serves
    served = tuple(shared) or tuple(dict.fromkeys((*asked.served.get(start, ()), *asked.served.get(end, ()))))
    municipality = served[0] if len(served) == 1 else None
    strength = next((row["strength"] for row in rows if row["strength"]), None)
    words: dict[str, Word] = {
        "start": asked.name(start),
        "end": asked.name(end),
        "strength": (lambda lang: scheme("strength").label(strength, lang)) if strength else asked.unknown(),
    }
    said_no = any(row["fixed_contact"] is False for row in rows)
    sentence = NO_CONTACT if said_no else "vast-aanspreekpunt-onbekend"
    return gap(
        NO_CONTACT,
        sentence,
        words,
        (Source.of("lines", row) for row in rows),
        municipality=municipality,
        partner=start if start in asked.served else end,
    )


def _on_map(asked: Asked, partner: str) -> bool:
    """Whether families come to a partner: some role of it is a link of a route (or nobody says which role it has)."""
    known = asked.landscape.roles
    roles = asked.registered.roles.get(partner, ())
    return not roles or any(r in known and known[r].data.get("mapColumn", ("geen",))[0] not in _NO_LINK for r in roles)


def missing_role(asked: Asked) -> Iterator[Gap]:
    """Roles of a route that nobody known by name holds in a municipality.

    Those are the roles that a valid route which moves families there mentions, and huisarts, soj and the access (gemeente
    or lokaal-team) in any case. ``partner`` is ``rol:slug``.
    """
    kinds = scheme("route-kind")
    moving = asked.registered.routes(k for k in kinds.slugs if kinds[k].says("movesFamilies"))
    known = asked.landscape.roles
    for code, ground in asked.grounds.items():
        holders = ground.locale.holders
        mentioned: dict[str, list[Source]] = {role: [] for role in _CHAIN if role not in holders}
        if not any(role in holders for role in _ACCESS):
            mentioned["gemeente"] = []
        for row in moving:
            for end in {row["from"], row["to"]} - {FAMILY}:
                role = end.removeprefix("rol:")
                if end != role and role not in holders and asked.registered.holds_in(row, code):
                    mentioned.setdefault(role, []).append(Source.of("routes", row))
        for role in sorted(mentioned, key=lambda r: (known.slugs.index(r) if r in known else len(known.slugs), r)):
            column = known[role].data.get("mapColumn", ("geen",))[0] if role in known else "geen"
            if column not in _NO_LINK:
                words: dict[str, Word] = {"role": asked.role(role), "place": asked.place(code, ())}
                sentence = "ontbrekende-rol-in-route" if mentioned[role] else MISSING_ROLE
                yield gap(MISSING_ROLE, sentence, words, mentioned[role], municipality=code, partner=f"rol:{role}")


def no_first_contact(asked: Asked) -> Iterator[Gap]:
    """Municipalities where no partner is known by name that a family can go to without a referral: one with an entry role."""
    known = asked.landscape.roles
    entries = {role for role in known.slugs if known[role].says("isEntry") and role != _BY_REFERRAL}
    for code, ground in asked.grounds.items():
        if entries.isdisjoint(ground.locale.holders):
            yield gap(NO_FIRST_CONTACT, NO_FIRST_CONTACT, {"place": asked.place(code, ())}, (), municipality=code)


def named_by_one(asked: Asked) -> Iterator[Gap]:
    """Lines and routes that one of their two partners states and the other, which supplied such a list too, does not.

    ``partner`` is the one that states it.
    """
    for found in one_sided(asked.landscape):
        ends = (found.said_by, found.not_by)
        served = tuple(dict.fromkeys(code for p in ends for code in asked.served.get(p, ())))
        if not served or any(map(asked.is_safety, ends)):
            continue
        words: dict[str, Word] = {"by": asked.name(found.said_by), "other": asked.name(found.not_by)}
        sentence = "lijn-door-een-partner-genoemd" if found.table == "lines" else "route-door-een-partner-genoemd"
        municipality = served[0] if len(served) == 1 else None
        yield gap(NAMED_BY_ONE, sentence, words, [found.source], municipality=municipality, partner=found.said_by)
