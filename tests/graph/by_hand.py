"""The questions of the core answered by hand: every simple way written out, by the words of CONTRACTS §4 and §5.

Nothing of the package is used here: it works on the rows of the stored tables as dictionaries. One municipality, ages
(months) tested at entry; the waits at their expected value, or all at their low or high end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

ENTRY = {"huisarts", "school", "gemeente", "lokaal-team"}
MOVING = {"verwijzing", "warme-overdracht", "opschaling"}
BROADER = {"adhd": ("adhd", "druk-gedrag")}
REGION = ("GM0203", "GM0228")
TODAY, OLDEST = "2026-06-01", "2024-06-01"
UNKNOWN, DECISION = (14.0, 98.0, 182.0), (3.5, 29.75, 56.0)  # 2–26 weeks; half a week to 8
FAMILY = "rol:gezin"
#: A high end that is not known: longer than any wait.
OPEN = 1e6

Row = dict[str, Any]
Ends = dict[str, list[Row]]


class Time(NamedTuple):
    """Days under one scenario, and whether they are assumed."""

    days: float
    assumed: bool


class Step(NamedTuple):
    """One step: days, retellings, what is waited at its end, whether it rests on an unknown wait (None: either)."""

    days: float
    told: int
    wait: float
    assumed: bool | None


class Way(NamedTuple):
    """A simple way; ``waits`` are the days at each partner after the start (at the start where it is the end)."""

    days: float
    hops: int
    told: int
    path: tuple[str, ...]
    waits: tuple[tuple[str, float], ...]
    assumed: bool | None


def last_day(text: str) -> str:
    """The last day a reduced date can mean, as text (every month has 31 days here)."""
    return text + "-12-31"[3 * (text.count("-")) :]


def areas_hold(areas: Sequence[str] | None, here: str, *, empty: bool) -> bool:
    return empty if areas is None else here in areas or "landelijk" in areas or "regio" in areas


def valid(row: Row) -> bool:
    start, end = row.get("valid_from"), row.get("valid_until")
    return not (start and start > TODAY) and not (end and last_day(end) <= TODAY)


class Here:
    """What holds in one municipality, before an age and a theme are asked."""

    def __init__(self, tables: Mapping[str, Sequence[Row]], municipality: str) -> None:
        self.tables = tables
        self.code = municipality
        self.roles: dict[str, list[str]] = {
            p["id"]: p["roles"] for p in tables["partners"] if areas_hold(p.get("municipalities"), municipality, empty=True)
        }
        self.offers = {o["id"]: o for o in tables["offerings"] if valid(o) and self.serves(o)}
        self.access = [p for role in ("gemeente", "lokaal-team") for p in sorted(self.roles) if role in self.roles[p]]
        self.access = self.access or ["rol:gemeente"]
        self.hops = list(self._hops())
        self.waits: dict[str, list[Row]] = {}
        for row in tables["waits"]:
            self.waits.setdefault(row["on"][0], []).append(row)

    def serves(self, offer: Row) -> bool:
        areas = offer.get("municipalities")
        if areas is None:
            return offer["partner"] is None or offer["partner"] in self.roles
        return areas_hold(areas, self.code, empty=False)

    def expand(self, end: str) -> list[tuple[str, str | None]]:
        """(node, offering that is pointed to) of an endpoint."""
        if end.startswith("rol:"):
            return [(p, None) for p in sorted(self.roles) if end[4:] in self.roles[p]] or [(end, None)]
        if end.startswith("aanbod:"):
            offer = self.offers.get(end[7:])
            if offer is None or not (offer["partner"] is None or offer["partner"] in self.roles):
                return []
            return [(offer["partner"] or end, offer["id"])]
        return [(end, None)] if end in self.roles else []

    def _hops(self) -> Iterator[Row]:
        rows = [
            r
            for r in self.tables["routes"]
            if r["kind"] in MOVING and valid(r) and areas_hold(r.get("municipalities"), self.code, empty=True)
        ]
        explicit = {(r["from"], r["to"]) for r in rows if r["from"] in self.roles and r["to"] in self.roles}
        said = set()
        for row in rows:
            role = "rol:" in row["from"] + row["to"]
            for source, _ in self.expand(row["from"]):
                for target, offer in self.expand(row["to"]):
                    if source != target and not (role and (source, target) in explicit):
                        said.add((source, target))
                        yield {**row, "route": row["id"], "from": source, "to": target, "offer": offer}
        for access in self.access:
            if (FAMILY, access) not in said:
                yield {"kind": "rechtstreekse-toegang", "route": None, "from": FAMILY, "to": access, "offer": None}

    @cached_property
    def entries(self) -> set[str]:
        sources = {h["from"] for h in self.hops}
        named = {p for p, roles in self.roles.items() if ENTRY & set(roles)}
        return named | {s for s in sources if s.startswith("rol:") and s[4:] in ENTRY} | {FAMILY}


class ByHand:
    """One profile in one municipality."""

    def __init__(self, here: Here, age: int, theme: str, scenario: str = "expected", *, stops: bool = True) -> None:
        self.here, self.age, self.theme, self.stops = here, age, theme, stops
        self.themes = {"algemeen", *BROADER.get(theme, (theme,))}
        self.pick = ("low", "expected", "high").index(scenario)
        self._last: dict[tuple[int, str], dict[str, dict[str, list[Step]]]] = {}
        self.between: dict[str, dict[str, list[Step]]] = {}
        for hop in here.hops:
            if self.fits(hop) and (step := self.step(hop, hop["offer"])):
                self.between.setdefault(hop["from"], {}).setdefault(hop["to"], []).append(step)

    # --- conditions ----------------------------------------------------------------------------------
    def fits(self, row: Row) -> bool:
        low, high, themes = row.get("age_from"), row.get("age_until"), row.get("themes")
        in_time = (low is None or low <= self.age) and (high is None or self.age < high)
        return in_time and (not themes or bool(self.themes & set(themes)))

    # --- waits ---------------------------------------------------------------------------------------
    def said(self, subjects: Sequence[str], kind: str) -> tuple[float, float, float | None] | str | None:
        """(low, expected, high) of the most specific current value, "stop", or None where it is not known."""
        rows = []
        for place, subject in enumerate(subjects):
            for w in self.here.waits.get(subject, ()):
                if w["kind"] != kind or w["state"] == "uitspraak" or not self.fits(w):
                    continue
                if not areas_hold(w.get("municipalities"), self.here.code, empty=True):
                    continue
                if w["as_of"] and last_day(w["as_of"]) >= OLDEST:
                    ages = w.get("age_from") is not None or w.get("age_until") is not None
                    rank = (place, not w.get("themes"), not w.get("municipalities"), not ages)
                    rows.append((rank, last_day(w["as_of"]), w))
        if not rows:
            return None
        first = min(rank for rank, _, _ in rows)
        newest = max(day for rank, day, _ in rows if rank == first)
        told = [w for rank, day, w in rows if (rank, day) == (first, newest)]
        numbers = [w for w in told if w["state"] == "getal"]
        if numbers:
            lows, mids, highs = ([w[f"days_{x}"] for w in numbers] for x in ("low", "expected", "high"))
            return min(lows), (min(mids) + max(mids)) / 2, None if None in highs else max(highs)
        closed = [w for w in told if w["state"] == "stop"]
        return "stop" if any(not w.get("closed_until") or last_day(w["closed_until"]) > TODAY for w in closed) else None

    def wait(self, subjects: Sequence[str]) -> Time | None:
        """The wait until the first appointment; None for a stop."""
        found = self.said(subjects, "aanmeldwachttijd")
        if found is None:
            total = self.said(subjects, "totaal")
            found = total if total is None or total == "stop" else (0.0, total[1] / 2, total[2])  # type: ignore[operator]
        return self.time(found, UNKNOWN)

    def time(self, found: Any, unknown: tuple[float, float, float]) -> Time | None:
        if found == "stop":
            return None if self.stops else Time(0.0, False)
        days = (found or unknown)[self.pick]
        return Time(OPEN if days is None else days, found is None)

    def subjects(self, node: str, offer: str | None, route: str | None) -> list[str]:
        found = [f"route:{route}"] if route else []
        found += [f"aanbod:{offer}"] if offer else []
        if node in self.here.roles:
            return [*found, node, *(f"rol:{r}" for r in self.here.roles[node])]
        return [*found, node] if node.startswith("rol:") else found

    @cached_property
    def decision(self) -> Time | None:
        registered = {w["on"][0] for w in self.here.tables["waits"] if w["kind"] == "besluit"}
        partner = next((a for a in self.here.access if a in registered), self.here.access[0])
        return self.time(self.said([partner], "besluit"), DECISION)

    def step(self, hop: Row, offer: str | None) -> Step | None:
        """A hop with the wait at its end; None where it is closed."""
        wait = self.wait(self.subjects(hop["to"], offer, hop["route"]))
        decided = self.decision if hop.get("decision_needed") else Time(0.0, False)
        if wait is None or decided is None:
            return None
        days = wait.days + decided.days + (hop.get("handover_days") or 0.0)
        return Step(days, int(hop["kind"] != "warme-overdracht"), wait.days, wait.assumed or decided.assumed)

    # --- ways ----------------------------------------------------------------------------------------
    def ends(self, level: int) -> Ends:
        """The fitting offerings of exactly ``level``, by where they are; safety is no answer."""
        found: Ends = {}
        for offer in self.here.offers.values():
            safe = "veiligheid" in self.here.roles.get(offer["partner"], ())
            if offer["level"] == str(level) and not safe and self.fits(offer):
                found.setdefault(offer["partner"] or f"aanbod:{offer['id']}", []).append(offer)
        return found

    def last_steps(self, level: int, start: str) -> dict[str, dict[str, list[Step]]]:
        """The last steps to any fitting offering: over hops, and free from every entry.

        A role that nobody is known to hold is an entry, too, for who starts there.
        """
        begins = {start} if start.startswith("rol:") and start[4:] in ENTRY else set()
        key = level, "".join(begins - self.here.entries)
        if key not in self._last:
            self._last[key] = self._last_steps(level, self.here.entries | begins)
        return self._last[key]

    def _last_steps(self, level: int, entries: set[str]) -> dict[str, dict[str, list[Step]]]:
        ends = self.ends(level)
        found: dict[str, dict[str, list[Step]]] = {}
        for hop in self.here.hops:
            if self.fits(hop):
                there = ends.get(hop["to"], [])
                for offer in [o for o in there if o["id"] == hop["offer"]] or there:
                    if step := self.step(hop, offer["id"]):
                        found.setdefault(hop["from"], {}).setdefault(hop["to"], []).append(step)
        for node, offers in ends.items():
            for offer in offers:
                wait = self.wait(self.subjects(node, offer["id"], None))
                for entry in entries - {node} if offer["access"] == "vrij" and wait else ():
                    free = Step(wait.days, 1, wait.days, wait.assumed)
                    found.setdefault(entry, {}).setdefault(node, []).append(free)
        return found

    def ways(self, level: int, start: str) -> list[Way]:
        """Every simple way from ``start``, of parallel steps the best each time."""
        last, found = self.last_steps(level, start), []
        for offer in self.ends(level).get(start, []):
            if wait := self.wait(self.subjects(start, offer["id"], None)):
                found.append(Way(wait.days, 0, 0, (start,), ((start, wait.days),), wait.assumed))
        found = found and [min(found)]

        def further(path: tuple[str, ...], steps: tuple[Step, ...]) -> None:
            for node, options in last.get(path[-1], {}).items():
                if node not in path:
                    found.append(whole((*path, node), (*steps, best(options))))
            for node, options in self.between.get(path[-1], {}).items():
                if node not in path:
                    further((*path, node), (*steps, best(options)))

        further((start,), ())
        return found

    @cached_property
    def through_stops(self) -> ByHand:
        """The same question as if nobody had a stop."""
        return ByHand(self.here, self.age, self.theme, stops=False)

    def reason(self, level: int, start: str) -> str | None:
        """Why there is no way from ``start``; None where there is one."""
        if not self.ends(level):
            return "geen aanbod"
        if self.ways(level, start):
            return None
        return "aanmeldstop" if self.through_stops.ways(level, start) else "geen route"


def best(options: Sequence[Step]) -> Step:
    """The best of parallel steps; equally good ones may rest on an unknown wait or not."""
    first = min(options)
    equal = {s.assumed for s in options if s[:2] == first[:2]}
    return first if len(equal) == 1 else first._replace(assumed=None)


def whole(path: tuple[str, ...], steps: tuple[Step, ...]) -> Way:
    waits = tuple((node, step.wait) for node, step in zip(path[1:], steps, strict=True))
    assumed = any(s.assumed for s in steps) or (None if any(s.assumed is None for s in steps) else False)
    return Way(sum(s.days for s in steps), len(steps), sum(s.told for s in steps), path, waits, assumed)


class Flow:
    """Families pushed down all fastest ways, an equal share on each; ``cut`` above 200 of them from one start."""

    def __init__(self, ways: Mapping[str, Sequence[Way]], demand: Mapping[str, float]) -> None:
        self.through: dict[str, float] = {}
        self.arriving: dict[str, float] = {}
        self.days: dict[str, float] = {}
        self.waiting: dict[str, float] = {}
        self.sole: dict[str, float] = {}
        self.steps: dict[tuple[str, str], float] = {}
        self.total_days = self.routed = 0.0
        self.most = 0
        for start, families in demand.items():
            if ways[start] and families:
                self.push(ways[start], families)

    def push(self, ways: Sequence[Way], families: float) -> None:
        least = min(w.days for w in ways)
        fastest = [w for w in ways if w.days == least]
        self.most = max(self.most, len(fastest))
        self.routed += families
        self.total_days += families * least
        share = families / len(fastest)
        for way in fastest:
            for node in way.path[1:-1]:
                plus(self.through, node, share)
            plus(self.arriving, way.path[-1], share)
            for step in zip(way.path, way.path[1:], strict=False):
                plus(self.steps, step, share)
            for node, days in way.waits:
                if days:
                    plus(self.days, node, share * days)
        for node in {node for way in fastest for node, days in way.waits if days}:
            plus(self.waiting, node, families)
        # without the node no way is left
        for node in {node for way in ways for node in way.path[1:-1]}:
            if all(node in way.path[1:-1] for way in ways):
                plus(self.sole, node, families)


def plus(where: dict[Any, float], key: Any, number: float) -> None:
    where[key] = where.get(key, 0.0) + number
