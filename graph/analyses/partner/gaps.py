"""What is not known about a partner, as questions to it, and what was assumed in the meantime."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from ...landscape import Landscape, Settings
from ...waiting import NUMBER, STOP
from .pieces import Assumed, Computed, Question, Statement

#: What we ask by table: the question (``about.ask.TABLE.NAME``) and the cells that are all empty when it is asked.
ASKED: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "partners": (
        ("roles", ("roles",)),
        ("municipalities", ("municipalities",)),
        ("locations", ("locations",)),
        ("ask_for", ("ask_for",)),
        ("not_for", ("not_for",)),
        ("contact_function", ("contact_function",)),
        ("contact", ("contact",)),
    ),
    "offerings": (
        ("level", ("level",)),
        ("ages", ("age_from", "age_until")),
        ("audience", ("audience",)),
        ("access", ("access",)),
        ("how_to_apply", ("how_to_apply",)),
        ("place", ("place",)),
    ),
    "routes": (
        ("decision_needed", ("decision_needed",)),
        ("basis", ("basis",)),
        ("handover", ("handover_days",)),
    ),
    "waits": (
        ("as_of", ("as_of",)),
        ("basis", ("basis",)),
        ("clock", ("clock_from", "clock_to")),
    ),
    "lines": (
        ("strength", ("strength",)),
        ("fixed_contact", ("fixed_contact",)),
        ("consultation", ("consultation",)),
    ),
    "agreements": (
        ("owner", ("owner",)),
        ("status", ("status",)),
        ("evaluate_on", ("evaluate_on",)),
    ),
}


def questions(
    landscape: Landscape,
    own: Statement,
    found: Mapping[str, Sequence[Statement]],
    computed: Sequence[Computed],
    unread: Collection[str],
) -> Iterator[Question]:
    """Every question to the partner: empty key cells, waits that nobody stated, and waits that are too old.

    ``unread`` are the ids of waits that no longer count: of those only the fact itself is asked again.
    """
    on_map = _on_map(landscape, own)
    unknown = {c.subject for c in computed if c.wait.assumed and not c.wait.outdated} if on_map else set()
    old = {c.subject for c in computed if c.wait.assumed and c.wait.outdated} if on_map else set()
    yield from _empty(own)
    if own.id in unknown:
        yield Question("partners", own.id, "wait")
    if own.id in old:
        yield Question("partners", own.id, "wait_old")
    if on_map and not found["offerings"]:
        yield Question("partners", own.id, "offerings")
    for statement in found["offerings"]:
        yield from _empty(statement)
        subject = f"aanbod:{statement.id}"
        if subject in unknown and own.id not in unknown:
            yield Question("offerings", statement.id, "wait")
        if subject in old and own.id not in old:
            yield Question("offerings", statement.id, "wait_old")
    for table in ("routes", "waits", "lines", "agreements"):
        for statement in found[table]:
            told = table != "waits" or (statement.row["state"] in (NUMBER, STOP) and statement.id not in unread)
            if told:
                yield from _empty(statement)


def _empty(statement: Statement) -> Iterator[Question]:
    for key, columns in ASKED[statement.table]:
        if all(statement.row[c] is None for c in columns):
            yield Question(statement.table, statement.id, key)


def _on_map(landscape: Landscape, own: Statement) -> bool:
    """Whether families come to the partner: not so for a purchasing office or a coalition."""
    roles = landscape.roles
    columns = [roles[r].data.get("mapColumn", ("geen",))[0] for r in own.row["roles"] or () if r in roles]
    return not columns or any(c != "geen" for c in columns)


def assumed(settings: Settings, own: Statement, found: Mapping[str, Sequence[Statement]]) -> Iterator[Assumed]:
    """Every assumption about rows of the partner (CONTRACTS §1: what an empty cell means)."""
    if own.row["municipalities"] is None:
        yield Assumed("partners", own.id, "municipalities")
    for statement in found["offerings"]:
        row = statement.row
        if row["municipalities"] is None and own.row["municipalities"] is None:
            yield Assumed("offerings", statement.id, "municipalities")
        if row["age_from"] is None and row["age_until"] is None:
            yield Assumed("offerings", statement.id, "ages")
        if not row["themes"]:
            yield Assumed("offerings", statement.id, "themes")
    for statement in found["routes"]:
        if statement.row["decision_needed"] is None:
            yield Assumed("routes", statement.id, "decision_needed")
        if statement.row["handover_days"] is None:
            yield Assumed("routes", statement.id, "handover")
    if not settings.reference_date_given:
        yield Assumed("partners", own.id, "reference_date")
