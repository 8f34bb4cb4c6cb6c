"""The waits as bars, each beside the norm of its own kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from ...ontology.concepts import scheme
from .figures import Scale, axis, bar, sample
from .gathered import StatedWait
from .parts import Cell, Group, Section, Table
from .telling import Telling, begun


def waits(telling: Telling, number: int) -> Section:
    """The waits until the first appointment at what is offered, lightest level first, then by name."""
    say, found = telling.say, telling.found.waits
    scale = Scale.over(days for s in found for days in (s.wait.low, s.wait.expected, s.wait.high, _days(s.norm), _days(s.target)))
    groups = []
    for level, same in groupby(found, key=lambda s: s.level):
        stated = list(same)
        often = Counter(s.name for s in stated)
        drawn = [s for s in stated if not _nothing_known(s)]
        rows = tuple(_row(telling, s, scale, several=often[s.name] > 1) for s in drawn)
        columns = tuple(say(f"column.{c}") for c in ("partner", "bar", "wait", "source"))
        tables = (Table("waits", begun(telling.level(level)), columns, rows),) if rows else ()
        label = axis(scale, say("waits.axis")) if rows else None
        unknown = _unknown(telling, [s for s in stated if _nothing_known(s)], often)
        groups.append(Group(begun(telling.level(level)), axis=label, tables=tables, lines=unknown))
    if not found:
        groups.append(Group("", lines=(Cell(say("waits.nothing", place=telling.place)),)))
    kinds = ("known", "expected", "unknown", "old", "stop", "norm", "target")
    shown = _shown(s for s in found if not _nothing_known(s))
    legend = tuple((sample(k), say(f"legend.{k}")) for k in kinds if k in shown)
    nodes = (o.partner for o in telling.found.every if o.partner)
    return Section("waits", number, say("section.waits"), say("waits.lead"), legend, tuple(groups), telling.quotes(nodes))


def _days(norm: object) -> float | None:
    return getattr(norm, "days", None)


def _nothing_known(stated: StatedWait) -> bool:
    """Whether there is no wait to draw and no norm to hold beside it: such partners are named in a sentence."""
    wait = stated.wait
    return wait.assumed and not wait.outdated and not wait.closed and stated.norm is None and stated.target is None


def _unknown(telling: Telling, found: Sequence[StatedWait], often: Counter[str]) -> tuple[Cell, ...]:
    if not found:
        return ()
    names = (f"{s.name} ({', '.join(dict.fromkeys(s.offerings))})" if often[s.name] > 1 else s.name for s in found)
    marks = telling.mark(source for s in found for source in s.wait.sources)
    return (Cell(telling.say("waits.unknown_at", names="; ".join(names)), marks=marks, look="unknown"),)


def _shown(found: Iterable[StatedWait]) -> set[str]:
    """The looks that some bar has."""
    kinds: set[str] = set()
    for s in found:
        if s.wait.closed:
            kinds.add("stop")
        elif s.wait.assumed:
            kinds.add("old" if s.wait.outdated else "unknown")
        else:
            kinds |= {"known", "expected"}
        kinds |= {name for name, norm in (("norm", s.norm), ("target", s.target)) if norm is not None}
    return kinds


def _row(telling: Telling, stated: StatedWait, scale: Scale, *, several: bool) -> tuple[Cell, ...]:
    """A bar; its offerings are named where the partner has ``several`` waits."""
    say = telling.say
    said, norm = telling.wait_cell(stated.wait), telling.norm(stated.norm)
    later = telling.norm(stated.target)
    kind = scheme("wait-kind").label(stated.full.kind, telling.lang)
    # only a total is known: what is compared with the norm for totals is not what families wait first
    whole = say("waits.whole", weeks=telling.wait(stated.full)) if stated.full is not stated.wait else ""
    label = say("waits.bar", name=stated.name, wait=said.text, norm=norm or say("waits.no_norm"))
    sources = (*stated.wait.sources, *((stated.norm.source,) if stated.norm else ()))
    named = say("waits.of_kind", norm=norm, kind=kind) if norm else ""
    return (
        Cell(stated.name, ("; ".join(dict.fromkeys(stated.offerings)),) if several else ()),
        Cell("", figure=bar(stated.wait, scale, label, _days(stated.norm), _days(stated.target))),
        Cell(said.text, tuple(n for n in (*said.notes, whole, named, later) if n), look=said.look),
        Cell("", marks=telling.mark(sources)),
    )
