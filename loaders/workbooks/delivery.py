"""Everything that goes back after a check: per file a workbook and a letter, and one overview; names that are safe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from ...ontology.catalogue import text
from ..files.reading import read_file
from ..privacy import screened
from .letter import Sender, letter, overview
from .returned import Kept, hand_back
from .story import Story, stories

if TYPE_CHECKING:
    from ..read import Reading

Delivery = tuple[str, Callable[[IO[bytes]], None]]
_RESERVED: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def deliveries(data: Path, reading: Reading, lang: str = "nl") -> Iterator[Delivery]:
    """(name of the file, how to write it) for everything that goes back, one after the other.

    ``data`` is what was read into ``reading``. Each is written to a stream before the next one is asked for.
    """
    told = {f.file for f in reading.findings} | set(reading.landscape["sources"]["file"].drop_nulls())
    paths = [data] if data.is_file() else sorted(p for p in data.iterdir() if p.is_file())
    paths = [p for p in paths if p.name in told and p.suffix.casefold() != ".toml"]
    names = safe_names([p.name for p in paths])
    settings = reading.landscape.settings
    sender = Sender(settings.title, settings.publisher, settings.contact)
    all_stories = stories(reading, [p.name for p in paths])
    listed: list[tuple[Story, str | None, str]] = []
    for path, told_of in zip(paths, all_stories, strict=True):
        story = replace(told_of, withheld=_about_persons(path, reading))
        workbook = f"{names[path.name]} - {text('returns.suffix', lang)}.xlsx"
        note = f"{names[path.name]} - {text('returns.letter_suffix', lang)}.md"
        listed.append((story, workbook, note))
        kept: list[Kept] = []

        def write_workbook(out: IO[bytes], path: Path = path, story: Story = story, kept: list[Kept] = kept) -> None:
            kept.append(hand_back(path, story, out, contact=sender.contact, lang=lang))

        def write_letter(out: IO[bytes], story: Story = story, name: str = workbook, kept: list[Kept] = kept) -> None:
            out.write(letter(story, name, kept[0] if kept else Kept(True, ()), sender, lang).encode())

        yield workbook, write_workbook
        yield note, write_letter
    known = {p.name for p in paths}
    elsewhere = [f for f in reading.findings if f.file not in known]

    def write_overview(out: IO[bytes]) -> None:
        out.write(overview(listed, elsewhere, lang).encode())

    yield f"{text('returns.overview', lang)}.md", write_overview


def _about_persons(path: Path, reading: Reading) -> str | None:
    """A sheet of the file that was not taken for a table, so not screened yet, and must not travel."""
    known = {p.sheet for p in reading.places if p.file == path.name}
    passed_over = [f for f in reading.findings if f.file == path.name and f.code in ("unknown-table", "hidden-sheet-skipped")]
    if not passed_over:
        return None
    for sheet in read_file(path, path.name)[0]:
        if sheet.sheet not in known and screened(sheet)[0] is None:
            return sheet.sheet or path.name
    return None


def safe_names(files: list[str]) -> dict[str, str]:
    """The name for what goes back of each file: its stem, with its ending where two would be the same."""
    stems = {file: _safe(Path(file).stem) for file in files}
    low = [stem.casefold() for stem in stems.values()]
    made: dict[str, str] = {}
    taken: set[str] = set()
    for file in files:
        name = stems[file]
        if low.count(name.casefold()) > 1:
            name = f"{name} ({_safe(Path(file).suffix.lstrip('.')) or '-'})"
        number, wanted = 2, name
        while name.casefold() in taken:
            name = f"{wanted} {number}"
            number += 1
        taken.add(name.casefold())
        made[file] = name
    return made


def _safe(name: str) -> str:
    plain = _RESERVED.sub("_", name).strip(" .")[:120] or "-"
    return f"_{plain}" if _DEVICES.match(plain) else plain
