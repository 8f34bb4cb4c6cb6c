"""Partners and offerings as HSDS 3 (https://docs.openreferral.org): organisations with their services, in one JSON file.

``{"organizations": […], "services": […]}``: each organisation as the specification's full form has it, its services nested;
services by themselves are those that no partner offers. Routes, lines and counts have no place in HSDS. What both know
comes back through ``loaders/hsds``: names, descriptions, ages, areas, places, themes, methods, costs, dates, and a total
wait. A wait that would come back as another (of another clock or day) is said in words that no reader takes for a total.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import IO, Any, Final

from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ...ontology.municipalities import municipalities, provinces
from ...ontology.terms import PREFIXES
from ..dates import first_day, last_day, sort_key
from ..landscape import Landscape
from ..measured import Measured
from ..stores.iris import base_of
from ..waiting import NUMBER, REGISTRATION, STOP, TOTAL, TREATMENT
from .hsds_values import (
    Ids,
    Record,
    attributes,
    filled,
    is_uuid,
    maximum_age,
    minimum_age,
    moment,
    reached,
    taken_apart,
    unlabelled,
)

#: What a wait of each kind is from and to, in words.
_CLOCKS: Final = {REGISTRATION: "exports.to_first", TREATMENT: "exports.first_to_start", TOTAL: "exports.to_start"}
#: Names under which HSDS knows Dutch registers (https://org-id.guide), and what their numbers are called.
_REGISTERS: Final = {"kvk": ("NL-KVK", "KvK-nummer"), "agb": ("NL-AGB", "AGB-code")}
#: Schemes of an offering's terms by column, and whether a slug of it means nothing else to a reader.
_TERMS: Final = (
    ("themes", "theme", True),
    ("methods", "method", True),
    ("audience", "audience", True),
    ("level", "level", False),
    ("access", "access", False),
)
_AREAS: Final = ("regio", "landelijk")
_ONLINE, _ON_SITE = "online", "locatie"


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the document, one organisation or service on a line; ``name`` is hsds. Labels of terms are in ``lang``."""
    maker = _Maker(landscape, lang)
    out.write(b'{"organizations": [\n')
    _lines(maker.organizations(), out)
    out.write(b'],\n"services": [\n')
    _lines(maker.services(None), out)
    out.write(b"]}\n")


def _lines(records: Iterator[Record], out: IO[bytes]) -> None:
    before = ""
    for record in records:
        out.write((before + json.dumps(record, ensure_ascii=False)).encode())
        before = ",\n"
    out.write(b"\n")


class _Maker:
    def __init__(self, landscape: Landscape, lang: str) -> None:
        self._landscape = landscape
        self._lang = lang
        self._ids = Ids(base_of(landscape))
        self._waits = landscape.derived(Measured)
        self._today = first_day(landscape.settings.reference_date)
        self._schemes = {"role": landscape.roles, "theme": landscape.themes}
        self._partners = {row["id"]: row for row in landscape["partners"].iter_rows(named=True)}

    @cached_property
    def _offerings(self) -> Mapping[str | None, list[dict[str, Any]]]:
        """The offerings by partner; under None those of nobody that is known."""
        found: dict[str | None, list[dict[str, Any]]] = {}
        for row in self._landscape["offerings"].iter_rows(named=True):
            found.setdefault(row["partner"] if row["partner"] in self._partners else None, []).append(row)
        return found

    # --- organisations -------------------------------------------------------------------------------
    def organizations(self) -> Iterator[Record]:
        """Every partner, with its services."""
        for id_, row in self._partners.items():
            organization = self._ids.of("partners", id_)
            mail, phone = reached(row["contact"])
            parent = row["part_of"] if row["part_of"] in self._partners else None
            roles = attributes(
                self._ids, organization, "organization", self._scheme("role"), row["roles"] or (), self._lang, coded=False
            )
            yield filled(
                id=organization,
                name=row["name"],
                alternate_name="; ".join(row["other_names"] or ()) or None,
                description=self._described(row),
                email=mail,
                website=row["website"],
                uri=self._ids.iri("partners", id_),
                parent_organization_id=self._ids.of("partners", parent) if parent else None,
                contacts=self._contacts(id_, row["contact_function"]),
                phones=[{"id": self._ids.made("phone", id_), "number": phone}] if phone else None,
                locations=[self._location(id_, code) for code in row["locations"] or () if code not in _AREAS],
                organization_identifiers=list(self._identifiers(id_, row)),
                attributes=roles,
                services=list(self.services(id_)),
            )

    def _described(self, row: Mapping[str, Any]) -> str:
        """What is remarked of a partner, and what to ask it for: empty where nothing is said, for there must be a text."""
        parts = [row["remark"]]
        for column, key in (("ask_for", "exports.ask_for"), ("not_for", "exports.not_for")):
            if row[column]:
                parts.append(text(key, self._lang, value=row[column]))
        return "\n".join(filter(None, parts))

    def _contacts(self, id_: str, function: str | None) -> list[Record]:
        """Whom to ask for: a function, never a person."""
        return [{"id": self._ids.made("contact", id_), "title": function}] if function else []

    def _identifiers(self, id_: str, row: Mapping[str, Any]) -> Iterator[Record]:
        organization = self._ids.of("partners", id_)
        numbers = [(scheme_, kind, row[column]) for column, (scheme_, kind) in _REGISTERS.items()]
        if not is_uuid(id_):
            numbers.append((f"{self._ids.base}partners/", "routekaart", id_))
        for scheme_, kind, number in numbers:
            if number:
                yield {
                    "id": self._ids.made("identifier", id_, kind),
                    "organization_id": organization,
                    "identifier_scheme": scheme_,
                    "identifier_type": kind,
                    "identifier": number,
                }

    # --- services ------------------------------------------------------------------------------------
    def services(self, partner: str | None) -> Iterator[Record]:
        """The offerings of a partner, or those that no partner of the region offers."""
        for row in self._offerings.get(partner, ()):
            service = self._ids.of("offerings", row["id"])
            told = taken_apart(row["description"])
            yield filled(
                id=service,
                organization_id=self._ids.of("partners", partner) if partner else None,
                name=row["name"],
                alternate_name=told.get("alternate_name"),
                description="\n".join(filter(None, (told["description"], self._left(row, told)))) or None,
                url=told.get("url"),
                status=self._status(row),
                application_process=row["how_to_apply"],
                fees_description=row["costs"],
                wait_time=self._wait_time(row) or told.get("wait_time"),
                eligibility_description=told.get("eligibility_description"),
                minimum_age=minimum_age(row["age_from"]),
                maximum_age=maximum_age(row["age_until"]),
                assured_date=row["verified_on"],
                alert=row["remark"],
                last_modified=moment(row["source_date"]),
                service_areas=list(self._service_areas(service, row)),
                service_at_locations=list(self._places(service, row)),
                attributes=self._terms(service, row),
            )

    def _left(self, row: Mapping[str, Any], told: Record) -> str | None:
        """The wait of an earlier source, where the field is taken by a newer one: it stays in the description."""
        if "wait_time" in told and self._wait_time(row):
            return text("hsds.wait_as_written", "nl", value=told["wait_time"])
        return None

    def _status(self, row: Mapping[str, Any]) -> str:
        begun = not row["valid_from"] or first_day(row["valid_from"]) <= self._today
        ended = row["valid_until"] and last_day(row["valid_until"]) <= self._today
        if not begun or ended:
            return "inactive"
        return "temporarily closed" if any(self._is_closed(wait) for wait in self._unconditional(row["id"])) else "active"

    def _terms(self, service: str, row: Mapping[str, Any]) -> list[Record]:
        made: list[Record] = []
        for column, name, coded in _TERMS:
            slugs = [row[column]] if isinstance(row[column], str) else row[column] or ()
            made += attributes(self._ids, service, "service", self._scheme(name), slugs, self._lang, coded=coded)
        return made

    def _scheme(self, name: str) -> Any:
        return self._schemes.get(name) or scheme(name)

    # --- waits ---------------------------------------------------------------------------------------
    def _unconditional(self, offering: str) -> list[dict[str, Any]]:
        """The waits on an offering that hold for everybody."""
        conditions = ("themes", "municipalities", "age_from", "age_until")
        return [w for w in self._waits.rows(f"aanbod:{offering}") if all(w[c] is None for c in conditions)]

    def _is_closed(self, wait: Mapping[str, Any]) -> bool:
        ends = wait["closed_until"]
        return wait["state"] == STOP and not wait["outdated"] and (ends is None or last_day(ends) > self._today)

    def _wait_time(self, row: Mapping[str, Any]) -> str | None:
        """The total wait as it was written, where the service is dated as it is; else every current one, in words.

        A stop is a status, not a wait.
        """
        waits = [w for w in self._unconditional(row["id"]) if w["state"] != STOP]
        totals = [w for w in waits if w["kind"] == TOTAL and w["as_of"] == (row["verified_on"] or row["source_date"])]
        if len(totals) == 1 and totals[0]["value"] and not _is_distribution(totals[0]):
            return unlabelled(totals[0]["remark"], "hsds.wait_as_written") or str(totals[0]["value"])
        said = []
        for kind, clock in _CLOCKS.items():
            current = [w for w in waits if w["kind"] == kind and w["state"] == NUMBER and not w["outdated"]]
            if current:
                newest = max(current, key=lambda w: (sort_key(w["as_of"]), w["id"]))
                said.append(text(clock, self._lang, value=_written(newest), date=newest["as_of"]))
        return "; ".join(said) or None

    # --- where ---------------------------------------------------------------------------------------
    def _service_areas(self, service: str, row: Mapping[str, Any]) -> Iterator[Record]:
        """The municipalities that an offering is for; where it says none, those of its partner."""
        above = self._partners.get(row["partner"])
        codes: Sequence[str] = row["municipalities"] or (above["municipalities"] if above else None) or ()
        for code in codes:
            area = code in _AREAS
            yield filled(
                id=self._ids.made("area", service, code),
                service_id=service,
                name=code if area else self._landscape.municipality_names.get(code, code),
                description=self._landscape.settings.name if code == "regio" else None,
                extent=None if area else code,
                extent_type=None if area else "text",
                uri=PREFIXES["tooi"] + code.lower() if code in municipalities() else None,
            )

    def _places(self, service: str, row: Mapping[str, Any]) -> Iterator[Record]:
        """Where a service is given: online, and at a location, in its municipality where that is known."""
        kinds = row["place"] or ()
        if row["location"] or _ON_SITE in kinds:
            location = self._location(row["partner"], row["location"], row["id"])
            yield {"id": self._ids.made("at", service, _ON_SITE), "service_id": service, "location": location}
        if _ONLINE in kinds:
            location = {"id": self._ids.made("location", row["id"], _ONLINE), "location_type": "virtual"}
            yield {"id": self._ids.made("at", service, _ONLINE), "service_id": service, "location": location}

    def _location(self, partner: str | None, code: str | None, offering: str = "") -> Record:
        """A location in a municipality: the partner's own where it stands there, else the offering's."""
        own = self._partners.get(partner or "")
        of_partner = partner if own is not None and code in (own["locations"] or ()) else None
        home = ("partner", of_partner) if of_partner else ("offering", offering)
        id_ = self._ids.made("location", *home, code or "")
        addresses = []
        if code and code not in _AREAS:
            addresses = [
                {
                    "id": self._ids.made("address", *home, code),
                    "location_id": id_,
                    # the municipality is known, the street is not; the specification wants the fields all the same
                    "address_1": "",
                    "city": self._landscape.municipality_names.get(code, code),
                    "state_province": self._provinces.get(code, ""),
                    "postal_code": "",
                    "country": "NL",
                    "address_type": "physical",
                }
            ]
        organization = self._ids.of("partners", of_partner) if of_partner else None
        return filled(id=id_, location_type="physical", organization_id=organization, addresses=addresses)

    @cached_property
    def _provinces(self) -> Mapping[str, str]:
        own = self._landscape["municipalities"]
        given = {code: name for code, name in zip(own["code"], own["province"], strict=True) if name}
        return {**provinces(), **given}


def _is_distribution(wait: Mapping[str, Any]) -> bool:
    return wait["weeks_median"] is not None or wait["weeks_min"] is not None


def _written(wait: Mapping[str, Any]) -> str:
    """A wait as it was written; one that was measured in columns of weeks as the weeks that are expected."""
    if wait["value"] and not _is_distribution(wait):
        return str(wait["value"])
    return text("exports.weeks", value=f"{wait['days_expected'] / 7:.1f}".removesuffix(".0").replace(".", ","))
