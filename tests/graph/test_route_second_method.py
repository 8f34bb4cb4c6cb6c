"""route against an independent second method: every simple way written out, by the words of CONTRACTS §4–5.

The reference below shares no code with the package: it works on the rows of the tables as dictionaries.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from routekaart.graph.analyses.route import route
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import read

ENTRY = {"huisarts", "gemeente"}
ROLES = ("huisarts", "soj", "gemeente", "jeugd-ggz", "jeugdhulp")
THEMES = ("opvoeden", "angst-en-somberheid", None)
MOVING = {"verwijzing", "warme overdracht"}
UNKNOWN = (14.0, 98.0, 182.0)  # 2–26 weeks, the middle is 14 weeks
DECISION = (0.0, 28.0, 56.0)  # 0–8 weeks


def made(seed: int) -> dict[str, list[dict[str, Any]]]:
    """A small random region with conditions of every kind."""
    r = random.Random(seed)
    partners = [
        {
            "id": f"P{n}",
            "naam": f"Partner {n}",
            "rollen": r.choice(ROLES),
            "gemeenten": r.choice(["Ede", "Ede; Barneveld", "Barneveld", "regio", ""]),
        }
        for n in range(7)
    ]
    aanbod = [
        {
            "id": f"A{n}",
            "partner": f"P{r.randrange(7)}",
            "naam": f"Aanbod {n}",
            "niveau": r.choice([1, 3]),
            "toegang": r.choice(["vrij", "verwijzing", "verwijzing", ""]),
            "themas": r.choice(["", "opvoeden", "angst en somberheid", "algemeen"]),
            "leeftijd_van": r.choice(["", "0", "12"]),
            "leeftijd_tot": r.choice(["", "18", "15"]),
            "gemeenten": r.choice(["", "", "Ede", "Barneveld"]),
        }
        for n in range(5)
    ]
    ends = [f"P{n}" for n in range(7)] + [f"rol:{x}" for x in ROLES] + ["A0", "A1"]
    routes = []
    for n in range(14):
        van, naar = r.choice(ends[:12]), r.choice(ends)
        if van != naar:
            routes.append(
                {
                    "id": f"R{n:02}",
                    "van": van,
                    "naar": naar,
                    "soort": r.choice(["verwijzing", "verwijzing", "warme overdracht", "consultatie"]),
                    "gemeenten": r.choice(["", "", "Ede", "Barneveld"]),
                    "leeftijd_van": r.choice(["", "", "12"]),
                    "leeftijd_tot": r.choice(["", "", "18", "15"]),
                    "themas": r.choice(["", "", "opvoeden"]),
                    "besluit_nodig": r.choice(["", "nee", "ja"]),
                    "overdracht": r.choice(["", "1 week", "3 dagen"]),
                    "geldig_tot": r.choice(["", "", "", "2026-01-01"]),
                }
            )
    waits = []
    for n in range(16):
        waits.append(
            {
                "op": r.choice([*ends, "R03"] if any(x["id"] == "R03" for x in routes) else ends),
                "soort": r.choice(["aanmeldwachttijd"] * 4 + ["besluit"]),
                "waarde": r.choice(
                    ["0 weken", "2 weken", "4 - 8 weken", "> 10 weken", "aanmeldstop", "onbekend", "20 weken", "1 week"]
                ),
                "peildatum": r.choice(["2026-05-01", "2026-03-01", "2020-01-01", ""]),
                "themas": r.choice(["", "", "opvoeden"]),
                "opmerking": str(n),
                "bron": f"bron {n}",
            }
        )
    return {"partners": partners, "aanbod": aanbod, "routes": routes, "wachttijden": waits}


# --- the reference -------------------------------------------------------------------------------------
class Reference:
    """The question asked by hand: municipality Ede of the region Ede + Barneveld, age in years, theme."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], age: int, theme: str | None) -> None:
        self.t = tables
        self.age = age
        self.theme = theme
        self.here = {p["id"]: p["rollen"] for p in tables["partners"] if p["gemeenten"] in ("Ede", "Ede; Barneveld", "regio", "")}
        self.fitting = {a["id"]: a for a in tables["aanbod"] if self.serves(a) and self.fits(a)}
        self.hops = [h for h in self.all_hops() if self.fits(h)]
        used = {h["van"] for h in self.all_hops()} | {"rol:huisarts"}  # the way is asked for from there
        self.entries = [p for p, role in self.here.items() if role in ENTRY]
        self.entries += sorted(u for u in used if u.startswith("rol:") and u[4:] in ENTRY)

    def serves(self, a: dict[str, Any]) -> bool:
        return a["gemeenten"] == "Ede" or (a["gemeenten"] == "" and a["partner"] in self.here)

    def theme_ok(self, themes: str) -> bool:
        written = {"angst en somberheid": "angst-en-somberheid"}.get(themes, themes)
        return written in ("", "algemeen", self.theme)

    def age_ok(self, row: dict[str, Any]) -> bool:
        low, high = row["leeftijd_van"], row["leeftijd_tot"]
        return (not low or int(low) <= self.age) and (not high or self.age < int(high))

    def fits(self, row: dict[str, Any]) -> bool:
        return self.age_ok(row) and self.theme_ok(row["themas"])

    def all_hops(self) -> Iterator[dict[str, Any]]:
        rows = [r for r in self.t["routes"] if r["soort"] in MOVING and r["geldig_tot"] == "" and r["gemeenten"] in ("", "Ede")]
        stated = {(r["van"], r["naar"]) for r in rows if r["van"] in self.here and r["naar"] in self.here}
        for r in rows:
            role = "rol:" in r["van"] + r["naar"]
            for van, _ in self.expand(r["van"]):
                for naar, offer in self.expand(r["naar"]):
                    if van != naar and not (role and (van, naar) in stated):
                        yield {**r, "van": van, "naar": naar, "aanbod": offer}

    def expand(self, end: str) -> list[tuple[str, str | None]]:
        if end.startswith("rol:"):
            return [(p, None) for p, role in self.here.items() if role == end[4:]] or [(end, None)]
        if end.startswith("A"):
            row = next(a for a in self.t["aanbod"] if a["id"] == end)
            return [(row["partner"], end)] if self.serves(row) and row["partner"] in self.here else []
        return [(end, None)] if end in self.here else []

    def wait(self, subjects: list[str], soort: str = "aanmeldwachttijd") -> tuple[float, float, float | None] | None:
        """(low, expected, high), None for a stop: the first subject and condition with a current value."""
        for subject in subjects:
            for conditional in (True, False):
                rows = [
                    w
                    for w in self.t["wachttijden"]
                    if w["op"] == subject
                    and w["soort"] == soort
                    and bool(w["themas"]) == conditional
                    and self.theme_ok(w["themas"])
                    and w["peildatum"] >= "2024-06-01"
                ]
                if rows:
                    newest = max(w["peildatum"] for w in rows)
                    return self.together([w["waarde"] for w in rows if w["peildatum"] == newest], soort)
        return DECISION if soort == "besluit" else UNKNOWN

    @staticmethod
    def together(written: list[str], soort: str) -> tuple[float, float, float | None] | None:
        weeks = {
            "0 weken": (0, 0, 0),
            "1 week": (1, 1, 1),
            "2 weken": (2, 2, 2),
            "4 - 8 weken": (4, 6, 8),
            "20 weken": (20, 20, 20),
        }
        numbers = [weeks[w] for w in written if w in weeks] + [(10, 10, None) for w in written if w == "> 10 weken"]
        if numbers:
            highs = [n[2] for n in numbers]
            mid = (min(n[1] for n in numbers) + max(n[1] for n in numbers)) / 2
            return min(n[0] for n in numbers) * 7, mid * 7, None if None in highs else max(h for h in highs if h is not None) * 7
        if "aanmeldstop" in written:
            return None
        return DECISION if soort == "besluit" else UNKNOWN

    def subjects(self, node: str, offer: str | None, hop: dict[str, Any] | None) -> list[str]:
        found = [hop["id"]] if hop else []
        found += [offer] if offer else []
        found += [node, f"rol:{self.here[node]}"] if node in self.here else [node]
        return found

    def decision(self) -> tuple[float, float, float | None] | None:
        access = [p for p, role in self.here.items() if role == "gemeente"] or ["rol:gemeente"]
        with_wait = [p for p in access if any(w["op"] == p and w["soort"] == "besluit" for w in self.t["wachttijden"])]
        return self.wait([(with_wait or access)[0]], "besluit")

    def step(self, hop: dict[str, Any], offer: str | None) -> tuple[float, float, float | None] | None:
        parts = [self.wait(self.subjects(hop["naar"], offer or hop["aanbod"], hop))]
        if hop["besluit_nodig"] == "ja":
            parts.append(self.decision())
        if None in parts:
            return None
        over = {"": 0.0, "1 week": 7.0, "3 dagen": 3.0}[hop["overdracht"]]
        lows, mids, highs = zip(*[p for p in parts if p is not None], strict=True)
        return sum(lows) + over, sum(mids) + over, None if None in highs else sum(highs) + over

    def ways(self, level: int, starts: list[str]) -> Iterator[tuple[float, int, int, tuple[str, ...]]]:
        """(expected days, hops, retellings, ids) of every simple way to a fitting offering of ``level``."""
        ends: dict[str, list[str]] = {}
        for a in self.fitting.values():
            if a["niveau"] == level:
                ends.setdefault(a["partner"], []).append(a["id"])
        free = {a["id"] for a in self.fitting.values() if a["niveau"] == level and a["toegang"] == "vrij"}

        def onward(path: tuple[str, ...], days: float, told: int) -> Iterator[tuple[float, int, int, tuple[str, ...]]]:
            node = path[-1]
            if len(path) == 1:
                for offer in ends.get(node, []):
                    own = self.wait(self.subjects(node, offer, None))
                    if own:
                        yield own[1], 0, 0, path
            for hop in self.hops:
                if hop["van"] != node or hop["naar"] in path:
                    continue
                retold = told + (hop["soort"] != "warme overdracht")
                for offer in [o for o in ends.get(hop["naar"], []) if o == hop["aanbod"]] or ends.get(hop["naar"], []):
                    if cost := self.step(hop, offer):
                        yield days + cost[1], len(path), retold, (*path, hop["naar"])
                if cost := self.step(hop, None):
                    yield from onward((*path, hop["naar"]), days + cost[1], retold)
            if node in self.entries or node == "rol:gezin":
                for target, offers in ends.items():
                    for offer in offers:
                        if offer in free and target not in path:
                            own = self.wait(self.subjects(target, offer, None))
                            if own:
                                yield days + own[1], len(path), told + 1, (*path, target)

        for start in starts:
            yield from onward((start,), 0.0, 0)


@pytest.mark.parametrize("seed", range(120))
def test_the_fastest_way_is_the_best_of_all_simple_ways(seed: int, make_data: Callable[..., Any]) -> None:
    tables = made(seed)
    folder = make_data(toml='[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n', **tables)
    landscape: Landscape = read(folder).landscape
    asked = random.Random(seed)
    age, theme = asked.choice([8, 13, 16]), asked.choice(THEMES) or "algemeen"
    reference = Reference(tables, age, theme)
    for level in (1, 3):
        for start, starts in (("rol:huisarts", [n for n, _ in reference.expand("rol:huisarts")]),):
            best = sorted(reference.ways(level, starts))[:3]
            answer = route(
                landscape, "GM0228", start=start, levels=[level], age=age * 12, theme=theme, alternatives=3, static=True
            )
            found = [(w.expected, w.hops, w.retellings, w.path) for w in answer.ways]
            distinct = list(dict.fromkeys(best_way[3] for best_way in sorted(reference.ways(level, starts))))
            if not best:
                assert found == []
                assert answer.reasons[0][1] == ("geen aanbod" if not _offered(reference, level) else answer.reasons[0][1])
                continue
            assert found[0][0] == pytest.approx(best[0][0])
            assert found[0][1:] == best[0][1:]
            cheapest = {path: min(w for w in reference.ways(level, starts) if w[3] == path) for path in distinct}
            expected = sorted(cheapest.values())[:3]
            assert [f[3] for f in found] == [e[3] for e in expected]
            assert [f[0] for f in found] == pytest.approx([e[0] for e in expected])


def _offered(reference: Reference, level: int) -> bool:
    return any(a["niveau"] == level for a in reference.fitting.values())
