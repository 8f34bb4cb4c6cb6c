"""What is said of one row in a report to a partner: its title and its facts, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...graph.analyses.partner.pieces import OfRole, Statement
from ...graph.waiting import STATEMENT
from ..material import OFFERING, ROLE
from ..telling import conditions, origin, safe_link, validity, whom
from .parts import Fact
from .words import Words

#: The label of what is not known, where it is not ``map.field.<key>``.
_ASKED: Final[Mapping[str, str]] = {
    "municipalities": "map.serves",
    "roles": "map.role",
    "ages": "about.ages",
    "audience": "map.whom",
    "decision_needed": "map.decision",
    "clock": "about.clock",
    "status": "map.agreement_status",
    "offerings": "map.offering",
    "wait": "map.wait",
    "wait_old": "map.wait",
}


class Facts(Words):
    """The titles and facts of the statements of one report."""

    # --- labels ------------------------------------------------------------------------------------
    def asked(self, table: str, key: str) -> str:
        """In a word or two what is not known."""
        where, _, name = _ASKED.get(key, f"map.{key}").partition(".")
        if key == "basis" and table == "waits":
            name = "measurement"
        if name == "offering":
            return self._words.say("table.offerings")
        return self._own(name) if where == "about" else self._field(name)

    def assumed(self, table: str, key: str) -> str:
        """What was assumed meanwhile."""
        date = self._words.date(self._material.landscape.settings.reference_date)
        return self._say(f"assumed.{table}.{key}", date=date)

    # --- one statement ---------------------------------------------------------------------------------
    def title(self, statement: Statement, *, own: bool = False) -> str:
        """What a block is called."""
        row, words = statement.row, self._words
        if statement.table in ("routes", "lines"):
            said = self._between(row, "word.line" if statement.table == "lines" else "word.route")
        elif statement.table == "waits":
            said = self._wait_title(row)
        elif statement.table == "agreements":
            said = row["what"] or words.label("agreement-kind", row["kind"])
        elif statement.table == "partners" and not own and statement.id != self._told.id:
            said = self._say("word.labelled", label=self._say("kind.partners"), text=row["name"])
        else:
            said = row.get("name") or row.get("title") or self._say(f"kind.{statement.table}")
        return str(said)[:1].upper() + str(said)[1:]

    def _between(self, row: Mapping[str, Any], generic: str) -> str:
        """A route or line seen from the partner: "van u naar X"."""
        ends = [self._end(row["from"]), self._end(row["to"])]
        if generic == "word.line" and self._told.id in (row["from"], row["to"]):
            other = row["to"] if row["from"] == self._told.id else row["from"]
            return self._say("word.line", name=self._material.name(other))
        return self._say("word.route", one=ends[0], other=ends[1])

    def _end(self, endpoint: str) -> str:
        if endpoint == self._told.id:
            return self._say("word.you")
        if endpoint.startswith(OFFERING) and endpoint.removeprefix(OFFERING) in self._own_offerings:
            return self._say("word.your_offering", name=self._material.name(endpoint))
        return self._material.name(endpoint)

    def _wait_title(self, row: Mapping[str, Any]) -> str:
        kind = self._words.label("wait-kind", row["kind"])
        if row["on"] != [self._told.id]:
            subject = " → ".join(self._material.name(e) for e in row["on"])
            kind = self._say("word.wait_on", kind=kind, subject=subject)
        limits = " · ".join(conditions(self._material, row))
        return self._say("word.limited", kind=kind, limits=limits) if limits else kind

    def of(self, statement: Statement, derived: OfRole | None = None, *, own: bool = False) -> Iterator[Fact]:
        """The facts of a row; cells that nobody filled are left to the list of what is unknown."""
        if derived is not None:
            yield Fact(self._own("of_role"), self._material.roles(derived.roles))
        for label, value, *more in getattr(self, f"_{statement.table}")(statement):
            if value:
                yield Fact(label, str(value), wide="wide" in more, link=safe_link(value) if "link" in more else None)
        if statement.table == "routes" and derived is None:
            yield from self._of_roles(statement.row)
        if own:
            yield Fact(self._own("on_map"), self._on_map(statement))
        if statement.table == "offerings" or own:
            subject = self._told.id if own else OFFERING + statement.id
            yield Fact(self._own("computed"), self._computed(subject), wide=True)
        if derived is not None:
            yield from self._where(derived)

    def _partners(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words, material = statement.row, self._words, self._material
        names = [n for n in (row["short_name"], *(row["other_names"] or ())) if n]
        yield self._field("role"), material.roles(row["roles"]) if row["roles"] else None
        yield self._field("other_names"), ", ".join(names)
        yield self._field("part_of"), material.name(row["part_of"]) if row["part_of"] else None
        yield self._field("serves"), material.areas(row["municipalities"]) if row["municipalities"] else None
        yield self._field("locations"), material.areas(row["locations"]) if row["locations"] else None
        yield self._field("ask_for"), row["ask_for"], "wide"
        yield self._field("not_for"), row["not_for"], "wide"
        yield self._field("contact_function"), row["contact_function"]
        yield self._field("contact"), row["contact"]
        yield self._field("website"), row["website"], "link"
        yield self._hidden(self._own("kvk")), row["kvk"]
        yield self._hidden(self._own("agb")), row["agb"]
        yield self._field("response"), words.say("word.quote", text=row["response"]) if row["response"] else None, "wide"

    def _offerings(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words, material = statement.row, self._words, self._material
        known_ages = row["age_from"] is not None or row["age_until"] is not None
        yield self._field("description"), row["description"], "wide"
        yield self._field("level"), words.label("level", row["level"]) if row["level"] else None
        yield self._field("themes"), material.themes(row["themes"]) if row["themes"] else None
        yield self._field("whom"), whom(material, row) if row["audience"] or known_ages else None
        yield self._field("access"), words.label("access", row["access"]) if row["access"] else None
        yield self._field("how_to_apply"), row["how_to_apply"]
        yield (
            self._field("serves"),
            material.areas(row["municipalities"] or self._told.partner.row["municipalities"])
            if (row["municipalities"] or not self._told.area_assumed)
            else None,
        )
        yield self._field("place"), words.labels("place", row["place"]) if row["place"] else None
        yield self._field("location"), material.areas([row["location"]]) if row["location"] else None
        yield self._field("methods"), words.labels("method", row["methods"]) if row["methods"] else None
        yield self._field("costs"), row["costs"]
        weeks = row["duration_weeks"]
        yield self._field("duration"), words.say("wait.weeks", n=self._number(weeks)) if weeks is not None else None
        yield self._field("valid"), validity(material, row)
        yield self._hidden(self._own("capacity")), row["capacity"]
        yield self._hidden(self._own("inflow")), self._count(statement, "inflow_per_year")

    def _routes(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words, material = statement.row, self._words, self._material
        days = row["handover_days"]
        yield self._field("route_kind"), words.label("route-kind", row["kind"])
        yield self._own("only_for"), " · ".join(conditions(material, row))
        yield self._field("conditions"), row["conditions"], "wide"
        decided = row["decision_needed"]
        yield self._field("decision"), words.yes_no(decided) if decided is not None else None
        yield self._field("basis"), words.label("basis", row["basis"]) if row["basis"] else None
        yield self._field("handover"), self._weeks(days, days) if days is not None else None
        yield self._field("valid"), validity(material, row)
        yield self._hidden(self._own("per_year")), self._count(statement, "per_year")

    def _waits(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words, material = statement.row, self._words, self._material
        reading = self._told.readings[statement.id]
        yield self._own("written"), words.say("word.quote", text=words.written(row))
        yield self._own("read"), self._read(row, counted=not (reading.outdated or reading.replaced))
        as_of = row["as_of"]
        if as_of:
            age = words.age_of(as_of, material.landscape.settings.reference_date)
            yield self._field("as_of"), f"{words.date(as_of)}, {age}"
        status = "replaced" if reading.replaced else "outdated" if reading.outdated else "current"
        yield self._field("status"), words.say("status.statement" if row["state"] == STATEMENT else f"status.{status}")
        yield self._field("measurement"), words.label("measurement", row["basis"]) if row["basis"] else None
        start, end = (row[c] or words.unknown for c in ("clock_from", "clock_to"))
        if row["clock_from"] or row["clock_to"]:
            yield self._own("clock"), f"{start} → {end}"
        yield self._own("measured_of"), self._count(statement, "number")
        yield self._own("censored"), self._count(statement, "censored")
        weeks = row["weeks_median_km"]
        yield self._own("median_km"), self._in_weeks(weeks) if weeks is not None else None
        for norm in () if reading.replaced else reading.norms:
            yield self._own("norm"), self.norm(norm)

    def _lines(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words = statement.row, self._words
        yield self._field("strength"), words.label("strength", row["strength"]) if row["strength"] else None
        fixed = row["fixed_contact"]
        yield self._field("fixed_contact"), words.yes_no(fixed) if fixed is not None else None
        yield self._field("consultation"), row["consultation"]
        yield self._field("since"), words.date(row["since"]) if row["since"] else None

    def _agreements(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row, words = statement.row, self._words
        yield self._field("agreement_kind"), words.label("agreement-kind", row["kind"]) if row["kind"] else None
        yield self._field("agreement_status"), words.label("agreement-status", row["status"]) if row["status"] else None
        yield self._field("partners"), self.several([self._material.name(p) for p in row["partners"] or ()])
        yield self._own("places"), self._material.areas(row["municipalities"]) if row["municipalities"] else None
        weeks = row["from_weeks"]
        yield self._own("from_weeks"), words.say("wait.weeks", n=self._number(weeks)) if weeks is not None else None
        yield self._field("owner"), row["owner"]
        yield self._field("evaluate_on"), words.date(row["evaluate_on"]) if row["evaluate_on"] else None

    def _cases(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row = statement.row
        yield self._own("municipality"), self._material.areas([row["municipality"]]) if row["municipality"] else None
        yield self._own("theme"), self._material.themes([row["theme"]]) if row["theme"] else None
        yield self._own("ages"), self._words.ages(row["age"], row["age"] + 12) if row["age"] is not None else None
        yield self._own("story"), row["story"], "wide"

    def _matches(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row = statement.row
        yield self._own("written_name"), self._words.say("word.quote", text=row["written"])
        yield self._own("verdict"), self._words.label("verdict", row["verdict"])
        yield self._own("why"), row["why"]
        yield self._own("decided"), self._by(row["decided_by"], row["decided_on"])

    def _confirmations(self, statement: Statement) -> Iterator[tuple[str, Any, *tuple[str, ...]]]:
        row = statement.row
        yield self._own("correct"), self._words.yes_no(row["correct"])
        yield self._own("confirmed"), self._by(row["confirmed_by"], row["confirmed_on"])
        yield self._field("response"), self._words.say("word.quote", text=row["response"]) if row["response"] else None, "wide"

    # --- small rows together ------------------------------------------------------------------------------
    def grid(self, table: str, statements: Sequence[Statement]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The columns and cells of figures; the source comes last."""
        columns = {
            "outflow": ("from_here", "number", "returned", "year"),
            "handovers": ("from_here", "number", "until_start", "before", "period"),
            "back_and_forth": ("from_here", "number", "without_start", "until_back", "period"),
            "demand": ("municipality", "theme", "level", "ages", "number", "year"),
            "indicators": ("indicator", "municipality", "theme", "value", "year"),
        }[table]
        heads = [
            self._field("route") if c == "from_here" else self._field("level") if c == "level" else self._own(c) for c in columns
        ]
        return tuple(heads), [(*self._cells(table, s), str(origin(self._material, s.row))) for s in statements]

    def _cells(self, table: str, statement: Statement) -> tuple[str, ...]:
        row, words, material = statement.row, self._words, self._material
        if table in ("handovers", "back_and_forth"):
            return self._logged(table, statement)
        year = str(row["year"]) if row["year"] is not None else words.unknown
        if table == "outflow":
            way = f"{material.name(row['partner'])} → {self._destination(row['to'])}"
            return way, self._counted(statement, "number"), self._count(statement, "returned") or "", year
        place = material.areas([row["municipality"]] if row["municipality"] else None)
        theme = material.themes([row["theme"]]) if row["theme"] else ""
        if table == "demand":
            level = words.label("level", row["level"]) if row["level"] else ""
            ages = words.ages(row["age_from"], row["age_until"]) if row["age_from"] is not None or row["age_until"] else ""
            return place, theme, level, ages, self._counted(statement, "per_year"), year
        where = f"{place}, {row['district']}" if row["district"] else place
        value = words.unknown if row["value"] is None else f"{self._number(row['value'])} {row['unit'] or ''}".strip()
        return row["indicator"], where, theme, value, year

    def _logged(self, table: str, statement: Statement) -> tuple[str, ...]:
        """What a log of referrals shows between two ends; of few families the weeks are not told either."""
        row, name = statement.row, self._material.name
        ends = [name(row["from"]), name(row["to"])]
        few = "number" in statement.suppressed
        period = self._period(row["period_from"], row["period_until"])
        if table == "handovers":
            weeks = (("weeks_median", "weeks_p95"), ("stay_weeks_median", "stay_weeks_p95"))
            start, before = ("" if few else self._within(row[half], row[most]) for half, most in weeks)
            return " → ".join(ends), self._counted(statement, "number"), start, before, period
        back = "" if few else self._within(row["weeks_median"])
        number, none = (self._counted(statement, c) for c in ("number", "without_start"))
        return " → ".join((*ends, ends[0])), number, none, back, period

    def _destination(self, endpoint: str) -> str:
        kind, _, slug = endpoint.partition(":")
        return self._words.label("outcome", slug) if kind == "uitkomst" else self._material.name(endpoint)

    def _of_roles(self, row: Mapping[str, Any]) -> Iterator[Fact]:
        roles = [self._material.name(e) for e in (row["from"], row["to"]) if e.startswith(ROLE)]
        if roles:
            yield Fact(self._field("note"), self._words.say("word.stated_of_roles", roles=", ".join(roles)), wide=True)

    def _where(self, derived: OfRole) -> Iterator[Fact]:
        areas = self._material.areas(derived.municipalities) if derived.municipalities else None
        nowhere = "holds_nowhere" if derived.statement.table == "routes" else "holds_elsewhere"
        yield Fact(self._own("holds_in"), areas or self._say(f"word.{nowhere}"))
        if derived.others:
            yield Fact(self._own("with"), self.several([self._material.name(e) for e in derived.others]), wide=True)
