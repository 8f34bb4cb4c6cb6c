"""What differs between lists and a log, found a second way: every route written out as triples (from, to, municipality).

Nothing of the room is used: routes, handovers and families are rows as dictionaries, and every pair of them is tried.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.observed.observed import observed

EDE, BARNEVELD, ELSEWHERE = "GM0228", "GM0203", "GM0344"
REGION = (BARNEVELD, EDE)
EVERYWHERE = (*REGION, ELSEWHERE)
MOVING = {"verwijzing", "warme-overdracht", "opschaling"}
BROADER = {"adhd": {"adhd", "druk-gedrag"}}
TODAY = "2026-06-01"
Row = dict[str, Any]


class Triples:
    """The definitions, word by word."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.partners = {p["id"]: p for p in tables["partners"]}
        self.owners = {f"aanbod:{o['id']}": o["partner"] or f"aanbod:{o['id']}" for o in tables["offerings"]}
        self.routes = tables["routes"]

    def node(self, end: str) -> str:
        return self.owners.get(end, end)

    def holds(self, cell: list[str] | None, code: str, *, empty: bool) -> bool:
        if cell is None:
            return empty
        return code in cell or "landelijk" in cell or ("regio" in cell and code in REGION)

    def serves(self, node: str, code: str) -> bool:
        partner = self.partners.get(node)
        return partner is None or self.holds(partner["municipalities"], code, empty=code in REGION)

    def roles(self, node: str) -> list[str]:
        return [f"rol:{r}" for r in self.partners[node]["roles"]] if node in self.partners else []

    def alike(self, stated: str, seen: str) -> bool:
        """Whether an end of a route and one of a handover are the same, or one is a role that the other holds."""
        return stated == seen or stated in self.roles(seen) or seen in self.roles(stated)

    def match(self, route: Row, pair: tuple[str, str]) -> bool:
        start, end = self.node(route["from"]), self.node(route["to"])
        if not (self.alike(start, pair[0]) and self.alike(end, pair[1])):
            return False
        if not (start.startswith("rol:") or end.startswith("rol:")):
            return True
        return any(
            self.holds(route["municipalities"], code, empty=True) and all(self.serves(n, code) for n in (start, end, *pair))
            for code in EVERYWHERE
        )

    def valid(self, route: Row) -> bool:
        begins, ends = route.get("valid_from"), route.get("valid_until")
        return not (begins and begins > TODAY) and not (ends and ends + "-31"[: 10 - len(ends)] <= TODAY)

    def bars(self, route: Row, cell: Row) -> set[str]:
        found = set()
        start, end = self.node(cell["from"]), self.node(cell["to"])
        for code in cell["municipalities"] or ():
            if not self.holds(route["municipalities"], code, empty=True):
                found.add("gemeente")
            for node in (start, end):
                if self.partners.get(node, {}).get("municipalities") and not self.serves(node, code):
                    found.add("werkgebied")
        months = range(0, 280)
        if not any(_in(m, cell) and _in(m, route) for m in months):
            found.add("leeftijd")
        for theme in cell["themes"] or ():
            if route["themes"] and not (BROADER.get(theme, {theme}) | {"algemeen"}) & set(route["themes"]):
                found.add("thema")
        return found


def _in(month: int, row: Row) -> bool:
    low, high = row.get("age_from"), row.get("age_until")
    return (low is None or low <= month) and (high is None or month < high)


def a_log(r: random.Random, tables: dict[str, list[Row]]) -> tuple[list[Row], list[Row]]:
    """Handovers, half of them along routes, and families by municipality, age band and theme."""
    ends = [*(f"P{n}" for n in range(7)), *(f"P{n}" for n in range(7)), "rol:huisarts", "rol:soj", "aanbod:A1"]
    wanted = [(x["from"], x["to"]) for x in tables["routes"] if r.random() < 0.5]
    wanted += [(r.choice(ends), r.choice(ends)) for _ in range(10)]
    handovers, cells = [], []
    for n, (start, end) in enumerate(dict.fromkeys(wanted)):
        if start == end or "rol:gezin" in (start, end):
            continue
        handovers.append({"id": f"H{n:02}", "from": start, "to": end, "number": r.choice([None, 12, 40])})
        for k in range(r.randrange(3)):
            cells.append(
                {
                    "id": f"LOG-{n:02}{k}",
                    "from": start,
                    "to": end,
                    "kind": "verwijzing",
                    "municipalities": r.choice([None, [EDE], [BARNEVELD], [ELSEWHERE]]),
                    "themes": r.choice([None, ["opvoeden"], ["druk-gedrag"], ["adhd"], ["algemeen"]]),
                    "age_from": r.choice([None, 0, 144, 180]),
                    "age_until": r.choice([None, 216]),
                    "per_year": 20,
                }
            )
    return handovers, cells


def _barred(by: Triples, pairs: set[tuple[str, str]], cells: list[Row]) -> Iterator[str]:
    for cell in cells:
        pair = by.node(cell["from"]), by.node(cell["to"])
        routes = [x for x in by.routes if x["kind"] in MOVING and by.valid(x) and by.match(x, pair)]
        if pair in pairs and routes and all(by.bars(x, cell) for x in routes):
            yield cell["id"]


@pytest.mark.parametrize("seed", range(60))
def test_lists_beside_a_log_by_triples(regions: ModuleType, seed: int) -> None:
    tables = regions.made(seed)
    handovers, cells = a_log(random.Random(1000 + seed), tables)
    stated = regions.landscape(tables)
    settings = {**regions.SETTINGS, "municipalities": None}
    log = regions.landscape({"region": [settings], "handovers": handovers, "routes": cells})
    found = observed(stated, log)

    by = Triples(tables)
    pairs = {(by.node(h["from"]), by.node(h["to"])) for h in handovers}
    named = {node for pair in pairs for node in pair}
    looked_for = [x for x in tables["routes"] if x["kind"] in MOVING and by.valid(x)]
    unseen = [x for x in looked_for if not any(by.match(x, p) for p in pairs)]

    def told(route: Row) -> bool:
        """Whether the sender, or for a role some holder in a municipality of the route, is in the log."""
        start = by.node(route["from"])
        holders = [p for p in by.partners if start in by.roles(p)]
        here = (
            h for h in holders if any(by.holds(route["municipalities"], c, empty=True) and by.serves(h, c) for c in EVERYWHERE)
        )
        return not named.isdisjoint({start, *here})

    within = {x["id"] for x in unseen if by.node(x["from"]) == by.node(x["to"])}
    assert found.routes == len(looked_for)
    assert found.seen == len(looked_for) - len(unseen)
    assert {n.route.id for n in found.not_seen} == {x["id"] for x in unseen if told(x)} - within
    assert {n.route.id for n in found.not_covered} == {x["id"] for x in unseen if not told(x)} | within
    assert {n.handover.pair for n in found.not_stated if not n.bars} == {
        p for p in pairs if p[0] != p[1] and not any(by.match(x, p) for x in looked_for)
    }
    barred = [c.route for n in found.not_stated for c in n.cells]
    assert sorted(barred) == sorted(_barred(by, pairs, cells))


def test_the_random_logs_hold_everything(regions: ModuleType) -> None:
    """Over all seeds each list has something in it: the comparison above is not one of nothing with nothing."""
    counts = {"not_seen": 0, "not_covered": 0, "no_route": 0, "of_roles": 0}
    bars: set[str] = set()
    for seed in range(60):
        tables = regions.made(seed)
        handovers, cells = a_log(random.Random(1000 + seed), tables)
        settings = {**regions.SETTINGS, "municipalities": None}
        found = observed(
            regions.landscape(tables), regions.landscape({"region": [settings], "handovers": handovers, "routes": cells})
        )
        counts["not_seen"] += len(found.not_seen)
        counts["not_covered"] += len(found.not_covered)
        counts["no_route"] += sum(not n.bars for n in found.not_stated)
        counts["of_roles"] += sum(n.route.of_roles for n in found.not_seen)
        bars |= {bar for n in found.not_stated for bar in n.bars}
    assert min(counts.values()) > 20
    assert bars == {"gemeente", "werkgebied", "leeftijd", "thema"}
