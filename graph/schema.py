"""The tables, declared once as data; everything that knows a column derives it from here.

Header recognition, parsing and checks (loaders), the Parquet and RDF mappings (stores), the
blank workbook and the data dictionary (docs) all read :data:`TABLES`. The *meaning* of a column
is not repeated here: it is the definition of its ontology term, in Dutch and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

FORMAT: Final = 2
"""Version of the tables and of a build; a build of another format is refused with its cure."""


class Kind(Enum):
    """What a cell holds. It decides the parser, the stored type and the RDF object."""

    ID = "id"  # text, unique in its table
    TEXT = "text"
    TEXTS = "texts"  # ;-separated, stored sorted and without doubles
    URL = "url"
    KVK = "kvk"  # number in the trade register: eight digits
    AGB = "agb"  # code of a care provider: eight digits
    CONCEPT = "concept"  # slug in one scheme
    CONCEPTS = "concepts"  # slugs in one scheme, in the order of the scheme
    MUNICIPALITY = "municipality"  # code, GM0228
    MUNICIPALITIES = "municipalities"  # codes, or the words regio / landelijk
    PARTNER = "partner"  # id of a partner
    PARTNERS = "partners"
    ENDPOINT = "endpoint"  # partner id, or aanbod:ID, route:ID, rol:SLUG
    DESTINATION = "destination"  # an endpoint, or uitkomst:SLUG
    CHAIN = "chain"  # endpoints in order; a list of one for a plain endpoint
    DATE = "date"  # ISO, possibly reduced: 2026, 2026-03, 2026-03-01
    AGE = "age"  # whole months
    YESNO = "yesno"
    COUNT = "count"  # whole number
    FAMILIES = "families"  # whole number of families (or children, or trajectories): private when small
    NUMBER = "number"
    DAYS = "days"  # a duration, in days


#: An example of what to write, by kind; concepts show their lists instead.
EXAMPLES: Final[Mapping[Kind, str]] = {
    Kind.ID: "P01",
    Kind.DATE: "2026-03-01",
    Kind.AGE: "12",
    Kind.YESNO: "ja",
    Kind.COUNT: "25",
    Kind.FAMILIES: "25",
    Kind.NUMBER: "4,5",
    Kind.DAYS: "1 week",
    Kind.KVK: "12345678",
    Kind.AGB: "12345678",
    Kind.MUNICIPALITY: "Ede",
    Kind.MUNICIPALITIES: "Ede; Barneveld",
    Kind.PARTNER: "P01",
    Kind.PARTNERS: "P01; P02",
    Kind.ENDPOINT: "P01, rol:huisarts",
    Kind.DESTINATION: "P02, hulp, uitval",
    Kind.CHAIN: "P01, rol:huisarts > rol:soj",
    Kind.URL: "https://www.voorbeeld.nl",
}

LISTS: Final = frozenset({Kind.TEXTS, Kind.CONCEPTS, Kind.MUNICIPALITIES, Kind.PARTNERS, Kind.CHAIN})


class Origin(Enum):
    """Where the value of a column comes from."""

    CELL = "cell"  # read from a cell, stored
    HEADER_ONLY = "header only"  # read from a cell, folded into another column
    DERIVED = "derived"  # computed from other cells while loading, stored


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``term`` is the local name of its property in the ontology (or ``prefix:name`` for a reused
    one), which a header-only column shares with the stored column that it ends up in; ``scheme`` names
    the concept scheme of a concept.
    """

    name: str
    nl: str
    en: str
    kind: Kind
    term: str
    scheme: str = ""
    required: bool = False
    origin: Origin = Origin.CELL

    @property
    def stored(self) -> bool:
        """Whether the column is part of the table in memory and in the stores."""
        return self.origin is not Origin.HEADER_ONLY

    @property
    def headed(self) -> bool:
        """Whether the column can be a header in a partner's file."""
        return self.origin is not Origin.DERIVED

    @property
    def is_list(self) -> bool:
        return self.kind in LISTS


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its names, its class in the ontology and its columns in order.

    ``identity`` lists the columns that make the id of a row where partners give none (a hash);
    empty means that the ``id`` column is the partner's own. ``input`` is false for the tables that
    come from routekaart.toml and from the reading itself; ``made`` is true for those that ``log`` makes
    out of registrations: they are read like any other, but nobody is asked to fill them in.
    """

    name: str
    nl: str
    term: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    key: str = "id"
    required: bool = False
    input: bool = True
    made: bool = False

    @property
    def stored(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.stored)

    @property
    def headed(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.headed)

    def column(self, name: str) -> Column:
        """The column called ``name`` (KeyError when there is none)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def _id(nl: str = "id", term: str = "dct:identifier") -> Column:
    return Column("id", nl, "id", Kind.ID, term, required=True)


def _hash_id() -> Column:
    return Column("id", "id", "id", Kind.ID, "dct:identifier", origin=Origin.DERIVED)


def _ages(prefix: str = "") -> tuple[Column, ...]:
    """Age columns: stored half-open in months; ``leeftijd_tm`` includes its year."""
    return (
        Column("age_from", "leeftijd_van", "age_from", Kind.AGE, f"{prefix}ageFrom"),
        Column("age_until", "leeftijd_tot", "age_until", Kind.AGE, f"{prefix}ageUntil"),
        Column(
            "age_through",
            "leeftijd_tm",
            "age_through",
            Kind.AGE,
            f"{prefix}ageUntil",
            origin=Origin.HEADER_ONLY,
        ),
    )


def _themes() -> Column:
    return Column("themes", "themas", "themes", Kind.CONCEPTS, "theme", "theme")


_VALID = (
    Column("valid_from", "geldig_van", "valid_from", Kind.DATE, "validFrom"),
    Column("valid_until", "geldig_tot", "valid_until", Kind.DATE, "validUntil"),
)

#: The days (from, until and including) of which a log of referrals tells.
_PERIOD = (
    Column("period_from", "periode_van", "period_from", Kind.DATE, "periodFrom"),
    Column("period_until", "periode_tm", "period_until", Kind.DATE, "periodUntil"),
)

#: Every table may say where a row comes from; the last three are filled by the reading itself.
PROVENANCE: Final[tuple[Column, ...]] = (
    Column("source", "bron", "source", Kind.TEXT, "dct:source"),
    Column("source_date", "bron_datum", "source_date", Kind.DATE, "sourceDate"),
    Column("verified_on", "geverifieerd_op", "verified_on", Kind.DATE, "verifiedOn"),
    Column("remark", "opmerking", "remark", Kind.TEXT, "rdfs:comment"),
    Column("file", "bestand", "file", Kind.TEXT, "prov:wasDerivedFrom", origin=Origin.DERIVED),
    Column("sheet", "blad", "sheet", Kind.TEXT, "prov:wasDerivedFrom", origin=Origin.DERIVED),
    Column("row", "rij", "row", Kind.COUNT, "prov:wasDerivedFrom", origin=Origin.DERIVED),
)
#: The columns that one prov:wasDerivedFrom link to a row of a file says together.
ADDRESS: Final = ("file", "sheet", "row")


def _table(
    name: str,
    nl: str,
    term: str,
    *columns: Column | tuple[Column, ...],
    identity: tuple[str, ...] = (),
    key: str = "id",
    required: bool = False,
    input: bool = True,
    made: bool = False,
) -> Table:
    flat: list[Column] = [] if not identity else [_hash_id()]
    for item in columns:
        flat.extend(item if isinstance(item, tuple) else (item,))
    flat.extend(PROVENANCE)
    return Table(name, nl, term, tuple(flat), identity, key, required, input, made)


def _own(name: str, nl: str, en: str, kind: Kind, term: str, scheme: str = "", required: bool = False) -> Column:
    return Column(name, nl, en, kind, term, scheme, required)


#: From where to where: partners, roles or offerings.
_ENDS = (
    _own("from", "van", "from", Kind.ENDPOINT, "from", required=True),
    _own("to", "naar", "to", Kind.ENDPOINT, "to", required=True),
)
_NUMBER = _own("number", "aantal", "number", Kind.FAMILIES, "number")

_TABLES = (
    _table(
        "municipalities",
        "gemeenten",
        "cv:PublicOrganisation",
        _own("code", "code", "code", Kind.MUNICIPALITY, "dct:identifier", required=True),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel"),
        _own("province", "provincie", "province", Kind.TEXT, "province"),
        _own("youth_region", "jeugdregio", "youth_region", Kind.TEXT, "youthRegion"),
        _own("inhabitants", "inwoners", "inhabitants", Kind.COUNT, "inhabitants"),
        _own("youths", "jeugdigen", "youths", Kind.COUNT, "youths"),
        _own("member_from", "lid_van", "member_from", Kind.DATE, "memberFrom"),
        _own("member_until", "lid_tot", "member_until", Kind.DATE, "memberUntil"),
        key="code",
    ),
    _table(
        "partners",
        "partners",
        "org:Organization",
        _id(),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel", required=True),
        _own("short_name", "korte_naam", "short_name", Kind.TEXT, "shortName"),
        _own("other_names", "andere_namen", "other_names", Kind.TEXTS, "skos:altLabel"),
        _own("roles", "rollen", "roles", Kind.CONCEPTS, "role", "role"),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "serves"),
        _own("locations", "vestigingen", "locations", Kind.MUNICIPALITIES, "locatedIn"),
        _own("part_of", "onderdeel_van", "part_of", Kind.PARTNER, "org:subOrganizationOf"),
        _own("ask_for", "waarvoor_benaderen", "ask_for", Kind.TEXT, "askFor"),
        _own("not_for", "niet_voor", "not_for", Kind.TEXT, "notFor"),
        _own("website", "website", "website", Kind.URL, "schema:url"),
        _own("contact", "contact", "contact", Kind.TEXT, "contact"),
        _own("contact_function", "aanspreekpunt", "contact_function", Kind.TEXT, "contactFunction"),
        _own("response", "reactie", "response", Kind.TEXT, "response"),
        _own("kvk", "kvk", "kvk", Kind.KVK, "kvk"),
        _own("agb", "agb", "agb", Kind.AGB, "agb"),
        required=True,
    ),
    _table(
        "offerings",
        "aanbod",
        "cpsv:PublicService",
        _id(),
        _own("partner", "partner", "partner", Kind.PARTNER, "offeredBy"),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel", required=True),
        _own("description", "omschrijving", "description", Kind.TEXT, "dct:description"),
        _own("level", "niveau", "level", Kind.CONCEPT, "level", "level"),
        _themes(),
        _own("audience", "doelgroep", "audience", Kind.CONCEPTS, "audience", "audience"),
        _ages(),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "serves"),
        _own("place", "plek", "place", Kind.CONCEPTS, "place", "place"),
        _own("location", "vestiging", "location", Kind.MUNICIPALITY, "locatedIn"),
        _own("access", "toegang", "access", Kind.CONCEPT, "access", "access"),
        _own("how_to_apply", "aanmelden", "how_to_apply", Kind.TEXT, "howToApply"),
        _own("methods", "werkwijzen", "methods", Kind.CONCEPTS, "method", "method"),
        _own("costs", "kosten", "costs", Kind.TEXT, "costs"),
        _own("capacity", "capaciteit", "capacity", Kind.COUNT, "capacity"),
        _own("duration_weeks", "duur_weken", "duration_weeks", Kind.NUMBER, "durationWeeks"),
        _own("inflow_per_year", "instroom_per_jaar", "inflow_per_year", Kind.FAMILIES, "inflowPerYear"),
        _VALID,
    ),
    _table(
        "routes",
        "routes",
        "Route",
        _id(),
        _ENDS,
        _own("kind", "soort", "kind", Kind.CONCEPT, "routeKind", "route-kind", required=True),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "forMunicipality"),
        _ages(),
        _themes(),
        _own("decision_needed", "besluit_nodig", "decision_needed", Kind.YESNO, "decisionNeeded"),
        _own("basis", "grondslag", "basis", Kind.CONCEPT, "basis", "basis"),
        _own("handover_days", "overdracht", "handover", Kind.DAYS, "handoverDays"),
        _own("per_year", "aantal_per_jaar", "per_year", Kind.FAMILIES, "perYear"),
        _own("conditions", "voorwaarden", "conditions", Kind.TEXT, "conditions"),
        _VALID,
    ),
    _table(
        "waits",
        "wachttijden",
        "WaitingTime",
        _own("on", "op", "on", Kind.CHAIN, "waitOn", required=True),
        _own("kind", "soort", "kind", Kind.CONCEPT, "waitKind", "wait-kind", required=True),
        _own("value", "waarde", "value", Kind.TEXT, "asWritten"),
        _own("weeks_min", "weken_min", "weeks_min", Kind.NUMBER, "weeksMin"),
        _own("weeks_median", "weken_mediaan", "weeks_median", Kind.NUMBER, "weeksMedian"),
        _own("weeks_p90", "weken_p90", "weeks_p90", Kind.NUMBER, "weeksP90"),
        _own("weeks_median_km", "weken_mediaan_km", "weeks_median_km", Kind.NUMBER, "weeksMedianKaplanMeier"),
        _NUMBER,
        _own("censored", "gecensureerd", "censored", Kind.FAMILIES, "censored"),
        _themes(),
        _ages(),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "forMunicipality"),
        _own("basis", "meetwijze", "basis", Kind.CONCEPT, "measuredBy", "measurement"),
        _own("clock_from", "klok_van", "clock_from", Kind.TEXT, "clockFrom"),
        _own("clock_to", "klok_tot", "clock_to", Kind.TEXT, "clockTo"),
        _own("as_of", "peildatum", "as_of", Kind.DATE, "asOf"),
        Column("state", "toestand", "state", Kind.CONCEPT, "waitState", "wait-state", origin=Origin.DERIVED),
        Column("days_low", "dagen_laag", "days_low", Kind.NUMBER, "daysLow", origin=Origin.DERIVED),
        Column("days_expected", "dagen_verwacht", "days_expected", Kind.NUMBER, "daysExpected", origin=Origin.DERIVED),
        Column("days_high", "dagen_hoog", "days_high", Kind.NUMBER, "daysHigh", origin=Origin.DERIVED),
        Column("closed_until", "stop_tot", "closed_until", Kind.DATE, "closedUntil", origin=Origin.DERIVED),
        identity=(
            "on",
            "kind",
            "themes",
            "age_from",
            "age_until",
            "municipalities",
            "basis",
            "as_of",
            "source",
            "value",
            "weeks_min",
            "weeks_median",
            "weeks_p90",
        ),
    ),
    _table(
        "lines",
        "lijnen",
        "Line",
        _own("from", "van", "from", Kind.PARTNER, "from", required=True),
        _own("to", "naar", "to", Kind.PARTNER, "to", required=True),
        _own("strength", "sterkte", "strength", Kind.CONCEPT, "strength", "strength"),
        _own("fixed_contact", "vast_aanspreekpunt", "fixed_contact", Kind.YESNO, "fixedContact"),
        _own("consultation", "overleg", "consultation", Kind.TEXT, "consultation"),
        _own("since", "sinds", "since", Kind.DATE, "since"),
        identity=("from", "to", "source"),
    ),
    _table(
        "demand",
        "vraag",
        "Demand",
        _own("municipality", "gemeente", "municipality", Kind.MUNICIPALITY, "forMunicipality", required=True),
        _own("entry", "instap", "entry", Kind.ENDPOINT, "entry", required=True),
        _ages(),
        _own("theme", "thema", "theme", Kind.CONCEPT, "theme", "theme"),
        _own("level", "niveau", "level", Kind.CONCEPT, "level", "level"),
        _own("per_year", "aantal_per_jaar", "per_year", Kind.FAMILIES, "perYear"),
        _own("year", "peiljaar", "year", Kind.COUNT, "year"),
        identity=("municipality", "entry", "age_from", "age_until", "theme", "level", "year"),
    ),
    _table(
        "agreements",
        "afspraken",
        "Agreement",
        _id(),
        _own("partners", "partners", "partners", Kind.PARTNERS, "between"),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "forMunicipality"),
        _own("kind", "soort", "kind", Kind.CONCEPT, "agreementKind", "agreement-kind"),
        _own("what", "wat", "what", Kind.TEXT, "dct:description"),
        _own("from_weeks", "vanaf_weken", "from_weeks", Kind.NUMBER, "fromWeeks"),
        _own("owner", "eigenaar", "owner", Kind.TEXT, "owner"),
        _own("status", "status", "status", Kind.CONCEPT, "agreementStatus", "agreement-status"),
        _own("evaluate_on", "evalueren_op", "evaluate_on", Kind.DATE, "evaluateOn"),
    ),
    _table(
        "norms",
        "normen",
        "Norm",
        _id(),
        _own("kind", "soort", "kind", Kind.TEXT, "normKind"),
        _own("value", "waarde", "value", Kind.NUMBER, "value"),
        _own("unit", "eenheid", "unit", Kind.TEXT, "unit"),
        _own("applies_to", "geldt_voor", "applies_to", Kind.TEXTS, "appliesTo"),
        _own("year", "jaar", "year", Kind.COUNT, "year"),
    ),
    _table(
        "indicators",
        "indicatoren",
        "Indicator",
        _own("indicator", "indicator", "indicator", Kind.TEXT, "indicatorName", required=True),
        _own("municipality", "gemeente", "municipality", Kind.MUNICIPALITY, "forMunicipality"),
        _own("district", "wijk", "district", Kind.TEXT, "district"),
        _own("theme", "thema", "theme", Kind.CONCEPT, "theme", "theme"),
        _own("year", "jaar", "year", Kind.COUNT, "year"),
        _own("value", "waarde", "value", Kind.NUMBER, "value"),
        _own("unit", "eenheid", "unit", Kind.TEXT, "unit"),
        identity=("indicator", "municipality", "district", "theme", "year"),
    ),
    _table(
        "good_examples",
        "voorbeelden",
        "GoodExample",
        _id(),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel", required=True),
        _own("what", "wat", "what", Kind.TEXT, "dct:description"),
        _own("where", "waar", "where", Kind.TEXT, "where"),
        _themes(),
        _own("methods", "werkwijzen", "methods", Kind.CONCEPTS, "method", "method"),
    ),
    _table(
        "cases",
        "casussen",
        "Case",
        _id(),
        _own("title", "titel", "title", Kind.TEXT, "skos:prefLabel", required=True),
        _own("story", "verhaal", "story", Kind.TEXT, "dct:description"),
        _own("municipality", "gemeente", "municipality", Kind.MUNICIPALITY, "forMunicipality"),
        _own("entry", "instap", "entry", Kind.ENDPOINT, "entry"),
        _own("age", "leeftijd", "age", Kind.AGE, "age"),
        _own("theme", "thema", "theme", Kind.CONCEPT, "theme", "theme"),
    ),
    _table(
        "outflow",
        "uitstroom",
        "Outflow",
        _own("partner", "partner", "partner", Kind.PARTNER, "from", required=True),
        _own("to", "naar", "to", Kind.DESTINATION, "to", required=True),
        _NUMBER,
        _own("returned", "waarvan_terug", "returned", Kind.FAMILIES, "returned"),
        _own("year", "jaar", "year", Kind.COUNT, "year"),
        identity=("partner", "to", "year"),
    ),
    # --- what a log of referrals shows (loaders/registrations) ---------------------------------
    _table(
        "handovers",
        "overdrachten",
        "Handover",
        _ENDS,
        _NUMBER,
        _own("weeks_median", "weken_mediaan", "weeks_median", Kind.NUMBER, "weeksMedian"),
        _own("weeks_p95", "weken_p95", "weeks_p95", Kind.NUMBER, "weeksP95"),
        _own("stay_weeks_median", "weken_ervoor_mediaan", "stay_weeks_median", Kind.NUMBER, "stayWeeksMedian"),
        _own("stay_weeks_p95", "weken_ervoor_p95", "stay_weeks_p95", Kind.NUMBER, "stayWeeksP95"),
        _PERIOD,
        identity=("from", "to", "period_from", "period_until", "source"),
        made=True,
    ),
    _table(
        "back_and_forth",
        "heen_en_weer",
        "BackAndForth",
        _ENDS,
        _NUMBER,
        _own("without_start", "zonder_start", "without_start", Kind.FAMILIES, "withoutStart"),
        _own("weeks_median", "weken_mediaan", "weeks_median", Kind.NUMBER, "weeksMedian"),
        _PERIOD,
        identity=("from", "to", "period_from", "period_until", "source"),
        made=True,
    ),
    # --- what people decided and confirmed about the lists themselves --------------------------
    _table(
        "matches",
        "koppelingen",
        "Match",
        _own("written", "geschreven", "written", Kind.TEXT, "written", required=True),
        _own("partner", "partner", "partner", Kind.PARTNER, "matchedTo", required=True),
        _own("verdict", "oordeel", "verdict", Kind.CONCEPT, "verdict", "verdict"),
        _own("score", "score", "score", Kind.COUNT, "score"),
        _own("why", "waarom", "why", Kind.TEXT, "why"),
        _own("decided_by", "beslist_door", "decided_by", Kind.TEXT, "decidedBy"),
        _own("decided_on", "beslist_op", "decided_on", Kind.DATE, "decidedOn"),
        identity=("written", "partner", "verdict"),
    ),
    _table(
        "confirmations",
        "bevestigingen",
        "Confirmation",
        _own("partner", "partner", "partner", Kind.PARTNER, "confirms", required=True),
        _own("correct", "klopt", "correct", Kind.YESNO, "correct"),
        _own("confirmed_on", "bevestigd_op", "confirmed_on", Kind.DATE, "confirmedOn"),
        _own("confirmed_by", "bevestigd_door", "confirmed_by", Kind.TEXT, "confirmedBy"),
        _own("response", "reactie", "response", Kind.TEXT, "response"),
        identity=("partner", "confirmed_on"),
    ),
    # --- not from partners' tables: routekaart.toml and the reading itself -------------------
    _table(
        "region",
        "regio",
        "Edition",
        _id(),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel"),
        _own("title", "titel", "title", Kind.TEXT, "dct:title"),
        _own("reference_date", "peildatum", "reference_date", Kind.DATE, "referenceDate"),
        _own("reference_date_given", "peildatum_opgegeven", "reference_date_given", Kind.YESNO, "referenceDateGiven"),
        _own("publisher", "uitgever", "publisher", Kind.TEXT, "publisherName"),
        _own("licence", "licentie", "licence", Kind.TEXT, "dct:rights"),
        _own("contact", "contact", "contact", Kind.TEXT, "contact"),
        _own("municipalities", "gemeenten", "municipalities", Kind.MUNICIPALITIES, "dct:spatial"),
        _own("unit", "eenheid", "unit", Kind.TEXT, "unit"),
        _own("unknown_weeks_low", "onbekend_weken_laag", "unknown_weeks_low", Kind.NUMBER, "unknownWeeksLow"),
        _own("unknown_weeks_high", "onbekend_weken_hoog", "unknown_weeks_high", Kind.NUMBER, "unknownWeeksHigh"),
        _own("outdated_after_months", "verouderd_na_maanden", "outdated_after_months", Kind.COUNT, "outdatedAfterMonths"),
        _own("threshold", "drempel", "threshold", Kind.COUNT, "threshold"),
        _own("age_from", "leeftijden_van", "age_from", Kind.AGE, "ageFrom"),
        _own("age_until", "leeftijden_tot", "age_until", Kind.AGE, "ageUntil"),
        _own("new_handover_weeks", "overdracht_nieuw_weken", "new_handover_weeks", Kind.NUMBER, "newHandoverWeeks"),
        _own("unknown_decision_low", "besluit_onbekend_laag", "unknown_decision_low", Kind.NUMBER, "unknownDecisionLow"),
        _own("unknown_decision_high", "besluit_onbekend_hoog", "unknown_decision_high", Kind.NUMBER, "unknownDecisionHigh"),
        _own("bridging_within_weeks", "overbrugging_binnen_weken", "bridging_within_weeks", Kind.NUMBER, "bridgingWithinWeeks"),
        _own("age_range_reading", "leeftijdsreeks", "age_range_reading", Kind.TEXT, "ageRangeReading"),
        input=False,
    ),
    _table(
        "roles",
        "rollen",
        "Role",
        _id(),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel"),
        _own("entry", "instap", "entry", Kind.YESNO, "isEntry"),
        _own("levels", "niveaus", "levels", Kind.CONCEPTS, "mayReferTo", "level"),
        _own("column", "kolom", "column", Kind.CONCEPT, "mapColumn", "map-column"),
        input=False,
    ),
    _table(
        "themes",
        "themas",
        "Theme",
        _id(),
        _own("name", "naam", "name", Kind.TEXT, "skos:prefLabel"),
        _own("broader", "valt_onder", "broader", Kind.CONCEPT, "skos:broader", "theme"),
        input=False,
    ),
    _table(
        "sources",
        "bronbestanden",
        "prov:Entity",
        _id(),
        _own("of_table", "tabel", "of_table", Kind.TEXT, "ofTable"),
        _own("supplier", "leverancier", "supplier", Kind.TEXT, "supplier"),
        _own("every_months", "elke_maanden", "every_months", Kind.NUMBER, "everyMonths"),
        _own("rows_min", "rijen_minimaal", "rows_min", Kind.COUNT, "rowsMin"),
        _own("rows_read", "gelezen", "rows_read", Kind.COUNT, "rowsRead"),
        _own("rows_used", "gebruikt", "rows_used", Kind.COUNT, "rowsUsed"),
        _own("rows_quarantined", "apart_gezet", "rows_quarantined", Kind.COUNT, "rowsQuarantined"),
        _own("sha256", "sha256", "sha256", Kind.TEXT, "sha256"),
        input=False,
    ),
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType({t.name: t for t in _TABLES})
"""All tables by their English name, in the order in which they are written."""

INPUT_TABLES: Final[tuple[Table, ...]] = tuple(t for t in _TABLES if t.input)
