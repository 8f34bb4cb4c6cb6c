"""diff, and build --dry-run: what would change, before anything is written; and diff with a log: what was seen."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from . import options
from .errors import CallError
from .language import say
from .options import AsFormat, Format, Lang, Municipality, Out, Top
from .output import Progress, number, progress, remark, write
from .telling_changes import Found, answer, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..graph.landscape import Landscape
    from ..loaders.read import Reading


class Answers(StrEnum):
    """Which answers are compared."""

    touched = "touched"
    all = "all"
    none = "none"


AsAnswers = Annotated[Answers, typer.Option("--answers", help=say("cli.options.answers"))]


def diff(
    out: Out,
    data: Annotated[Optional[Path], typer.Argument(metavar="DATA", help=say("cli.options.data_or_out"))] = None,  # noqa: UP045
    log: Annotated[Optional[Path], typer.Option("--log", metavar="DIR", help=say("cli.options.diff_log"))] = None,  # noqa: UP045
    gemeente: Municipality = None,
    answers: AsAnswers = Answers.touched,
    format: AsFormat = Format.table,
    top: Top = 20,
    lang: Lang = None,
) -> int:
    from ..graph.edition import EditionError, standing

    beside = [folder for folder in (data, log) if folder is not None]
    if len(beside) != 1:
        raise CallError("diff-one-of-two")
    old = standing(out)
    if old is None:
        raise EditionError("no-edition", path=out)
    if log is not None:
        return _beside(old.landscape(), log, gemeente, format, top)
    with progress() as report:
        new, code = _new(beside[0], report)
        if new is None:
            return code
        found = compare(old.landscape(), new, gemeente, answers, report, ways=format is Format.json)
    write(document(found, top), answer(found) if format is Format.json else {}, format)
    return code


def _new(data: Path, report: Progress) -> tuple[Landscape | None, int]:
    """What OUT is compared with, another build or data as it reads now, and the exit code of a build of it."""
    from ..graph.edition import MANIFEST, standing
    from ..loaders.findings import counted
    from ..loaders.read import read
    from .telling_findings import remark_refusal

    if (data / MANIFEST).is_file() and (edition := standing(data)) is not None:
        return edition.landscape(), 0
    reading = read(data, report)
    totals = counted(reading.findings)
    remark(say("cli.check.summary", **{k: number(v) for k, v in totals.items()}))
    if reading.refused:
        remark_refusal(reading)
        remark(say("changes.dry_refused"))
        return None, 1
    if reading.findings:
        remark(say("cli.build.see_check", data=data))
    return reading.landscape, 1 if totals["fout"] else 0


def _beside(landscape: Landscape, log: Path, gemeente: list[str] | None, format_: Format, top: int) -> int:
    """What partners state beside what a log shows; 1 where a row of the log could not be used."""
    from ..graph.analyses.observed.observed import observed
    from ..loaders.findings import counted
    from ..loaders.read import read
    from . import telling_observed
    from .telling_findings import remark_refusal, remark_rows

    codes = options.asked(landscape, gemeente).municipalities
    with progress() as report:
        reading = read(log, report, known=landscape)
    if reading.refused:
        remark_refusal(reading)
        return 1
    unknown = telling_observed.Unknown.of(reading)
    remark_rows(f for f in reading.findings if f.code not in telling_observed.UNKNOWN and f.severity != "opmerking")
    found = observed(landscape, reading.landscape, codes)
    told = telling_observed.document(landscape, found, unknown, codes, top)
    write(told, telling_observed.answer(found, unknown), format_)
    return 1 if counted(reading.findings)["fout"] else 0


def dry_run(reading: Reading, data: Path, out: Path, report: Progress) -> int:
    """Tell what a build of ``reading`` into ``out`` would change; the exit code of that build. Writes nothing."""
    from ..graph.edition import EditionError, occupied, standing
    from ..graph.landscape import Landscape
    from ..loaders.findings import counted

    if occupied(out):
        raise EditionError("would-overwrite", path=out)
    old = standing(out)
    if old is None:
        found = compare(Landscape.of({}), reading.landscape, None, Answers.none, report, first=str(out))
    else:
        found = compare(old.landscape(), reading.landscape, None, Answers.touched, report)
    write(document(found, 20), {}, Format.table)
    if reading.findings:
        remark(say("cli.build.see_check", data=data))
    remark(say("changes.dry", data=data, out=out))
    return 1 if counted(reading.findings)["fout"] else 0


def compare(
    old: Landscape,
    new: Landscape,
    gemeente: list[str] | None,
    answers: Answers,
    report: Progress,
    *,
    ways: bool = False,
    first: str | None = None,
) -> Found:
    """Everything that differs; ``ways`` with every path, ``first`` names the build that is not there yet."""
    from ..graph.analyses.differences.answer_changes import MOST_MUNICIPALITIES, answer_changes
    from ..graph.analyses.differences.changes import changes
    from ..graph.analyses.differences.touched import narrowed
    from ..graph.analyses.sources import source_changes

    codes = _codes(old, new, gemeente)
    shown = narrowed(old, new, codes) if codes else (old, new)
    told = None
    if answers is not Answers.none:
        most = None if codes or answers is Answers.all else MOST_MUNICIPALITIES
        told = answer_changes(old, new, municipalities=codes or None, most=most, ways=ways, progress=report)
    return Found(old, new, changes(*shown), told, source_changes(old, new), tuple(codes), first)


def _codes(old: Landscape, new: Landscape, gemeente: list[str] | None) -> Sequence[str]:
    """The codes of every --gemeente, as either of both knows it."""
    found = []
    for given in gemeente or ():
        try:
            found.append(options.municipality(new, given))
        except CallError:
            found.append(options.municipality(old, given))
    return tuple(dict.fromkeys(found))
