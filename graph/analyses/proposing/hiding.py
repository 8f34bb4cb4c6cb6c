"""What direct-routes must not show: figures about too few families, and what would give those back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...disclosure import Ledger
from ...landscape import Landscape
from ...planning.planning import Saving
from .answer import LevelRoutes, Now, Proposal


def disclosed(landscape: Landscape, made: LevelRoutes, shown: Sequence[Saving], chosen: Sequence[Saving]) -> LevelRoutes:
    """The answer without figures about too few families, and without what would give those back."""
    ledger = Ledger(landscape.settings.threshold)
    now = made.now
    lost = sum(n or 0.0 for _, n in now.without_route)
    ledger.add("per_year", now.per_year or 0.0)
    ledger.add("routed", (now.per_year or 0.0) - lost, printed=False)
    for reason, number in now.without_route:
        ledger.add(("without", reason), number or 0.0)
    ledger.equals("per_year", ["routed", *(("without", reason) for reason, _ in now.without_route)])
    ledger.add("days", now.days or 0.0, families=(now.per_year or 0.0) - lost)
    for n, saving in enumerate(shown):
        ledger.add(("days", n), saving.days, families=saving.families)
        ledger.add(("families", n), saving.families)
        ledger.add(("newly", n), saving.newly)
    for name in ("days", "newly"):
        parts: list[tuple[str, str, int]] = []
        for n, saving in enumerate(chosen):
            value = saving.days if name == "days" else saving.newly
            ledger.add(("step", name, n), value, families=saving.families if name == "days" else value, printed=False)
            parts.append(("step", name, n))
            total = getattr(made.plan[n], name)
            ledger.add(("plan", name, n), total, families=sum(s.families if name == "days" else s.newly for s in chosen[: n + 1]))
            ledger.equals(("plan", name, n), parts)
    hidden = ledger.hidden()

    def kept(key: object, value: float | None) -> float | None:
        return None if key in hidden else value

    without = tuple((reason, kept(("without", reason), number)) for reason, number in now.without_route)
    return replace(
        made,
        now=Now(kept("days", now.days), kept("per_year", now.per_year), without),
        routes=tuple(_hide(route, n, hidden) for n, route in enumerate(made.routes)),
        plan=tuple(
            replace(
                step,
                days=kept(("plan", "days", n), step.days),
                newly=kept(("plan", "newly", n), step.newly),
                suppressed=("plan", "days", n) in hidden or ("plan", "newly", n) in hidden,
            )
            for n, step in enumerate(made.plan)
        ),
    )


def _hide(route: Proposal, number: int, hidden: Iterable[object]) -> Proposal:
    about, newly = ("days", number) in hidden or ("families", number) in hidden, ("newly", number) in hidden
    if about:
        route = replace(route, days=None, low=None, high=None, families=None, queue=None, suppressed=True)
    if newly:
        route = replace(route, newly=None, queue=None, suppressed=True)
    return route
