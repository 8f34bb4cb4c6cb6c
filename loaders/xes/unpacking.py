"""A log on disk → its bytes, plain or gzipped, piece by piece and never more than is allowed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ...ontology.catalogue import ToldError
from ..files.guard import LARGEST_RATIO, MB

#: What one log may unpack to: 10 million events with twenty attributes each take some 20 GB.
LARGEST_LOG: Final = 64 * 1024 * MB
#: Below this a high ratio is no danger: a short log of one repeated line shrinks far.
SMALL_LOG: Final = 64 * MB

_PIECE: Final = 256 * 1024  # larger ones fall out of the processor's cache and are slower
_GZIP: Final = b"\x1f\x8b"


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a plain or gzipped file, told apart by their first two bytes and not by the name.

    A gzipped log may unpack to ``LARGEST_RATIO`` (200) times what was read of it: real logs shrink 10 to 40
    times, deflate can reach 1032. Raises ToldError for a larger ratio, more than LARGEST_LOG bytes, or a gzip
    that is damaged or stops halfway; OSError for what the disk refuses.
    """
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        if not packed:
            size = 0
            while piece := file.read(_PIECE):
                size += len(piece)
                _bound(path, size)
                yield piece
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            size = 0
            while piece := _unpacked(path, unpacked):
                size += len(piece)
                _bound(path, size)
                if size > SMALL_LOG and size > LARGEST_RATIO * file.tell():
                    raise ToldError("log-ratio", value=path.name, limit=LARGEST_RATIO)
                yield piece


def _bound(path: Path, size: int) -> None:
    if size > LARGEST_LOG:
        raise ToldError("log-too-large", value=path.name, limit=LARGEST_LOG // (1024 * MB))


def _unpacked(path: Path, file: gzip.GzipFile) -> bytes:
    try:
        return file.read(_PIECE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ToldError("log-gzip", value=path.name) from error
