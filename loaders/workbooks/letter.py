"""The letter that goes with a workbook, and the overview for the coalition; both in Markdown, in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...ontology.catalogue import text
from ..findings import Finding
from .notes import reference
from .places import shortened
from .returned import Kept
from .story import Group, Story
from .summary import counts

_THREE = 3
_MOST = 8


@dataclass(frozen=True)
class Sender:
    """Who sends the letter: the region's title, publisher and functional mailbox."""

    title: str
    publisher: str | None
    contact: str | None


def letter(story: Story, workbook: str, kept: Kept, sender: Sender, lang: str = "nl") -> str:
    """The letter about one file: thanks first, then at most three things to mend. It never blames."""

    def say(key: str, **values: object) -> str:
        return text(f"returns.{key}", lang, **values)

    parts = [f"# {say('letter.title')}", say("letter.hello"), say("letter.thanks", file=plain(story.file))]
    if story.refused:
        parts += [say("letter.refused"), *_points(story.private(), lang, len(story.groups))]
    elif story.withheld or (not story.tables and story.to_mend()):
        said = say("withheld", sheet=plain(story.withheld)) if story.withheld else say("letter.unread")
        parts += [said, *_points(story.to_mend(), lang, _THREE)]
    else:
        parts += [f"## {text('returns.letter.good', lang)}", counts(story, lang)]
        good = [
            f"- {text('returns.letter.good_line', lang, table=plain(t.table), used=t.used, read=t.read)}"
            for t in story.tables
            if t.read and t.used
        ]
        parts += ["\n".join(good)] if len(story.tables) > 1 and good else []
        if story.used < story.read:
            parts.append(say("letter.apart"))
        parts += _mend(story, workbook, lang)
        parts += _section("assumed_head", story.assumed(), lang)
        parts += _section("private_head", story.private(), lang)
        if kept.lost:
            what = ", ".join(say(f"kept.{key}") for key in kept.lost)
            parts += [f"## {say('about_head')}", say("not_kept", what=what)]
    parts += [f"## {say('back_head')}"]
    parts += [] if story.refused or story.withheld else [say("back", sheet=say("sheet"))]
    parts.append(say("mail", contact=plain(sender.contact)) if sender.contact else say("mail_unknown"))
    parts += [say("letter.bye"), plain(sender.publisher or sender.title)]
    return "\n\n".join(parts) + "\n"


def _mend(story: Story, workbook: str, lang: str) -> list[str]:
    found = story.to_mend()
    head = [f"## {text('returns.letter.three', lang)}"]
    if not found:
        return [*head, text("returns.nothing", lang)]
    parts = [*head, *_points(found, lang, _THREE)]
    if len(found) > _THREE:
        parts.append(text("returns.letter.more", lang, number=len(found) - _THREE))
    return [*parts, text("returns.letter.in_workbook", lang, workbook=plain(workbook))]


def _section(head: str, groups: Sequence[Group], lang: str) -> list[str]:
    return [f"## {text(f'returns.{head}', lang)}", *_points(groups, lang, _MOST)] if groups else []


def _points(groups: Sequence[Group], lang: str, most: int) -> list[str]:
    """One list item per group: what there is, what helps, how often and where."""
    lines = []
    for group in groups[:most]:
        first = group.first
        where = _where(group, lang)
        often = text("returns.letter.times", lang, number=group.number, where=where) if group.number > 1 else where
        tail = f" ({often})" if often else ""
        lines.append(f"- {plain(shortened(first.message(lang), 300))} {plain(shortened(first.request(lang), 300))}{tail}")
    return ["\n".join(lines)] if lines else []


def _where(group: Group, lang: str) -> str:
    if not group.cells:
        return plain(group.first.sheet) if group.first.sheet else text("returns.whole_file", lang)
    cell = reference(group.cells[0])
    if group.first.sheet is None:
        return text("returns.letter.at_cell", lang, cell=cell)
    return text("returns.letter.at", lang, sheet=plain(group.first.sheet), cell=cell)


def overview(stories: Sequence[tuple[Story, str | None, str]], elsewhere: Sequence[Finding], lang: str = "nl") -> str:
    """All files for the coalition: (story, name of the workbook if there is one, name of the letter)."""

    def say(key: str, **values: object) -> str:
        return text(f"returns.{key}", lang, **values)

    columns = [say("overview_page.file"), *(say(f"columns.{c}") for c in ("read", "used", "apart"))]
    columns += [say(f"overview_page.{c}") for c in ("findings", "first", "send")]
    lines = [f"| {' | '.join(columns)} |", "|---|--:|--:|--:|--:|---|---|"]
    for story, workbook, letter_name in stories:
        found = story.severities
        first = (story.private() if story.refused else story.to_mend())[:1]
        helps = plain(shortened(first[0].first.message(lang), 160)) if first else "–"
        send = say("overview_page.refused") if story.refused else " + ".join(plain(n) for n in (workbook, letter_name) if n)
        numbers = " / ".join(str(found[s]) for s in ("fout", "waarschuwing", "opmerking"))
        cells = (plain(story.file), str(story.read), str(story.used), str(story.read - story.used), numbers, helps, send)
        lines.append(f"| {' | '.join(cells)} |")
    parts = [f"# {say('overview_page.title')}", say("overview_page.intro"), "\n".join(lines)]
    if elsewhere:
        parts.append(f"## {say('overview_page.elsewhere')}")
        parts.append("\n".join(f"- {plain(f.message(lang))} {plain(f.request(lang))}" for f in elsewhere[:50]))
    return "\n\n".join(parts) + "\n"


def plain(words: str) -> str:
    """Words out of a cell as text in Markdown, never as markup."""
    one_line = re.sub(r"\s+", " ", words).strip()
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", one_line)
