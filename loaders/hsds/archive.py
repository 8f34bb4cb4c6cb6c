"""A .zip → a folder of tables and documents, bounded: no bomb, no way out of the folder, no password."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from ..findings import Finding
from .documents import ENDINGS

#: What an archive may unpack to, in all; and how many members it may have.
MAX_BYTES: Final = 512 * 1024 * 1024
MAX_MEMBERS: Final = 2_000
_TABLES: Final = (".csv", ".tsv", ".txt", *ENDINGS)
_BLOCK: Final = 1024 * 1024


def unpack(path: Path, shown: str, folder: Path) -> list[Finding]:
    """Unpack tables and documents of the archive at ``path`` into ``folder``; what is refused is a finding."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpacked(archive, shown, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zipfile.LargeZipFile):
        # RuntimeError is what zipfile raises for a password, NotImplementedError for an unknown compression
        return [Finding("zip-unreadable", shown)]


def _unpacked(archive: zipfile.ZipFile, shown: str, folder: Path) -> list[Finding]:
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > MAX_MEMBERS:
        return [_too_large(shown)]
    left = MAX_BYTES
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.suffix.casefold() not in _TABLES or any(part.startswith((".", "__MACOSX")) for part in name.parts):
            continue
        if name.is_absolute() or ":" in member.filename:
            continue
        target = folder.joinpath(*name.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("wb") as unpacked:
            # what the archive says of its sizes is not believed
            while block := packed.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    return [_too_large(shown)]
                unpacked.write(block)
    return []


def _too_large(shown: str) -> Finding:
    return Finding("zip-too-large", shown, values=(("limit", MAX_BYTES // 1024**2), ("members", MAX_MEMBERS)))
