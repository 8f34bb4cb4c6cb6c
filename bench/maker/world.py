"""All tables of one plan, in memory: the order in which they are made, the same for both makers."""

from __future__ import annotations

import polars as pl
from figures import demand, indicators, municipalities, norms
from offerings import offerings
from partners import partners, slots
from plan import Plan
from relations import lines, outflow
from routes import candidates, role_routes, routes, sample
from waits import subjects, waits

Tables = dict[str, pl.DataFrame]
"""Tables by their Dutch name; columns that begin with _ only help in making."""


def benchmark(plan: Plan) -> Tables:
    """The tables of a benchmark."""
    made, members = partners(slots(plan), plan)
    offered = offerings(made, members, plan)
    width = max(4, len(str(plan.routes)))
    spoken = role_routes(plan, plan.routes + 1, width)
    pairs = sample(candidates(made, members), plan.routes - spoken.height, plan.rng(20))
    between = routes(pairs, offered, plan)
    every = pl.concat([between, spoken], how="diagonal_relaxed")
    return {
        "gemeenten": municipalities(plan),
        "partners": made,
        "aanbod": offered,
        "routes": every,
        "wachttijden": waits(subjects(made, offered, between), plan),
        "lijnen": lines(between, plan),
        "vraag": demand(plan),
        "normen": norms(plan),
        "indicatoren": indicators(plan),
        "uitstroom": outflow(between, made, plan),
    }
