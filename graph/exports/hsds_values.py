"""Values of ours as the Human Services Data Specification writes them: ids, ages, days, terms, and texts taken apart again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import floor
from typing import Any, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from ...ontology.catalogue import text
from ...ontology.concepts import Scheme, schemes
from ...ontology.terms import PREFIXES

Record = dict[str, Any]
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ()./-]{4,20}[0-9]")
#: What the loader puts behind a description, by the field of HSDS that it came from, in that order (loaders/hsds/offerings.py).
_LABELLED: Final = {
    "alternate_name": "hsds.also_known_as",
    "eligibility_description": "hsds.for_whom",
    "url": "hsds.more_at",
    "wait_time": "hsds.wait_as_written",
}


def is_uuid(id_: str) -> bool:
    """Whether an id of ours is one that HSDS takes as it is."""
    return _UUID.fullmatch(id_) is not None


class Ids:
    """UUIDs for things of a region: their own where they came from HSDS, else made of their IRI (RFC 9562, version 5)."""

    def __init__(self, base: str) -> None:
        self.base = base

    def iri(self, table: str, id_: str) -> str:
        """The IRI of a row, as the graph has it."""
        return f"{self.base}{table}/{quote(id_, safe='')}"

    def of(self, table: str, id_: str) -> str:
        """The UUID of a row of a table of ours."""
        return id_ if is_uuid(id_) else str(uuid5(NAMESPACE_URL, self.iri(table, id_)))

    def made(self, *parts: str) -> str:
        """The UUID of something that is no row of ours: a place where a service is given, say."""
        return str(uuid5(NAMESPACE_URL, self.base + "hsds/" + "/".join(quote(p, safe="") for p in parts)))


def filled(**fields: Any) -> Record:
    """A record without what is unknown."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


# --- numbers and days ----------------------------------------------------------------------------------
def minimum_age(months: int | None) -> float | None:
    """Years, of an age in months from which: two decimals, never below that month."""
    if months is None:
        return None
    return months // 12 if months % 12 == 0 else _years(months)


def maximum_age(until: int | None) -> float | None:
    """Years, of an age in months (exclusive): the last whole year, or the last month in years where it ends within one.

    HSDS leaves open whether maximum_age is inclusive; it is read so here and by our loader: until 18 is 17.
    """
    if until is None:
        return None
    return until // 12 - 1 if until % 12 == 0 else _years(until - 1)


def _years(months: int) -> float:
    """Years with two decimals, never whole, of which the whole months are ``months``."""
    years = round(months / 12, 2)
    return years if floor(years * 12) == months and years != int(years) else round(months / 12 + 0.01, 2)


def moment(date: str | None) -> str | None:
    """A day as HSDS writes moments; a month or year is no moment and is left out."""
    return f"{date}T00:00:00Z" if date and _DAY.fullmatch(date) else None


# --- texts ---------------------------------------------------------------------------------------------
def reached(contact: str | None) -> tuple[str | None, str | None]:
    """(e-mail address, telephone number) in what a partner wrote as its contact."""
    if not contact:
        return None, None
    mail = _MAIL.search(contact)
    rest = contact.replace(mail[0], " ") if mail else contact
    phone = _PHONE.search(rest)
    return mail[0] if mail else None, phone[0] if phone else None


def taken_apart(description: str | None) -> Record:
    """A description and what the loader put behind it, each under the name that it had in HSDS."""
    lines = (description or "").split("\n")
    found: Record = {}
    while lines:
        named = [(field, said) for field, key in _LABELLED.items() if (said := unlabelled(lines[-1], key))]
        # for whom is said in two fields of a source, anything else in one
        if not named or (named[0][0] in found and named[0][0] != "eligibility_description"):
            break
        field, said = named[0]
        found[field] = f"{said}\n{found[field]}" if field in found else said
        lines.pop()
    return {"description": "\n".join(lines) or None, **found}


def unlabelled(line: str | None, key: str) -> str | None:
    """What stands behind a label of the catalogue (Dutch, as the loader writes it); None where the line has no such label."""
    before, after = text(key, "nl", value="\x00").split("\x00")
    if not line or not line.startswith(before) or not line.endswith(after):
        return None
    return line.removeprefix(before).removesuffix(after) or None


# --- terms ---------------------------------------------------------------------------------------------
def attributes(
    ids: Ids, link: str, entity: str, known: Scheme, slugs: Iterable[str], lang: str, *, coded: bool = True
) -> list[Record]:
    """Concepts of a scheme as attributes of a record; ``coded`` gives the slug too, where it means nothing else to anyone."""
    made = []
    for slug in slugs:
        concept = known.concepts.get(slug)
        label = known.label(slug, lang)
        ours = slug in schemes()[known.name]
        iri = f"{PREFIXES['rkc']}{known.name}-{slug}" if ours else f"{ids.base}concept/{known.name}-{quote(slug, safe='')}"
        told = (concept.definitions.get(lang) or concept.definitions.get("nl") if concept else None) or label
        term = filled(
            id=ids.made("term", known.name, slug),
            code=slug if coded else None,
            name=label,
            description=told,
            taxonomy=f"routekaart {known.name}",
            language=lang,
            term_uri=iri,
        )
        id_ = ids.made("attribute", link, known.name, slug)
        made.append({"id": id_, "link_id": link, "link_type": known.name, "link_entity": entity, "taxonomy_term": term})
    return made
