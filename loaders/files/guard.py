"""What bounds a hostile file: nothing is unpacked before its size is known, and never more than was said.

The limits are far above what a person keeps in a spreadsheet: 256 MB of XML is some five million cells.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Final

MB: Final = 1 << 20
#: A file on disk, everything that it unpacks to, one part that is read, and a part that may shrink this often.
LARGEST_FILE: Final = 256 * MB
LARGEST_PACKAGE: Final = 1024 * MB
LARGEST_PART: Final = 256 * MB
LARGEST_RATIO: Final = 200
_SMALL_PART: Final = 16 * MB
MOST_PARTS: Final = 10_000
MOST_SHEETS: Final = 1_000
#: The longest text that Excel itself allows in a cell.
LONGEST_CELL: Final = 32_767
#: Places in the grid (rows × the columns up to the last filled one), and signs of text, of a whole file.
MOST_CELLS: Final = 10_000_000
MOST_TEXT: Final = 128 * MB
#: More marks than this of one sheet are counted, not kept.
MOST_MARKS: Final = 200_000
#: More column names than this are no table.
MOST_NAMES: Final = 2_000
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CHUNK: Final = 256 * 1024
_DIRECTORY_ENTRY: Final = 400  # bytes, generously: 46 and a name


class RefusedError(Exception):
    """A file that is not read any further: the code of the finding and what fills its sentence."""

    def __init__(self, code: str, sheet: str | None = None, value: str | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.sheet = sheet
        self.value = value
        self.values = tuple(values.items())


@dataclass
class Budget:
    """What may still be read of one file; spending more than there is refuses the file."""

    cells: int = MOST_CELLS
    text: int = MOST_TEXT

    def spend(self, cells: int, text: int = 0, sheet: str | None = None) -> None:
        self.cells -= cells
        self.text -= text
        if self.cells < 0 or self.text < 0:
            raise RefusedError("sheet-too-large", sheet)


class Package:
    """A zip of XML parts (.xlsx, .ods), opened without unpacking anything.

    Raises RefusedError for what is too large, too many, locked or points outside the package, and
    zipfile.BadZipFile or OSError for what is no whole zip.
    """

    def __init__(self, path: Path) -> None:
        with ExitStack() as stack:  # closes the file again when it is refused
            self._file: IO[bytes] = stack.enter_context(path.open("rb"))
            _bound_directory(self._file)
            with zipfile.ZipFile(self._file) as archive:
                infos = archive.infolist()
            _bound(infos)
            stack.pop_all()
        self._parts = {info.filename.replace("\\", "/").lstrip("/").casefold(): info for info in infos}

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").casefold() in self._parts

    @property
    def names(self) -> list[str]:
        return sorted(self._parts)

    def size(self, name: str) -> int:
        """The size of a part as the package states it; :meth:`chunks` holds it to that."""
        return self._parts[name.lstrip("/").casefold()].file_size

    def read(self, name: str) -> bytes:
        """A whole part as bytes, for those who look for words in it and never parse it."""
        return b"".join(self.chunks(name, parsed=False))

    def chunks(self, name: str, parsed: bool = True) -> Iterator[bytes]:
        """A part piece by piece. Refused: larger than it says, or, where it is parsed, a document type (entities live there)."""
        info = self._parts[name.lstrip("/").casefold()]
        if info.file_size > LARGEST_PART:
            raise RefusedError("file-too-large", limit=LARGEST_PART // MB)
        seen = b""
        for piece in self._inflated(info):
            window = seen + piece
            if parsed and any(sign in window for sign in _DOCTYPES):
                raise RefusedError("file-doctype")
            seen = window[-32:]
            yield piece

    def _inflated(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(info.header_offset)
        head = self._file.read(30)
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("no local header")
        self._file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
        left, size, check = info.compress_size, 0, 0
        unpack = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        waiting = b""
        while left or waiting:
            if not waiting:
                waiting = self._file.read(min(left, _CHUNK))
                left -= len(waiting)
                if not waiting:
                    raise zipfile.BadZipFile("truncated")
            if unpack is None:
                piece, waiting = waiting, b""
            else:
                try:
                    piece = unpack.decompress(waiting, 4 * _CHUNK)
                except zlib.error as error:
                    raise zipfile.BadZipFile(str(error)) from error
                waiting = unpack.unconsumed_tail
            size += len(piece)
            check = zlib.crc32(piece, check)
            if size > info.file_size:  # it holds more than it says: made to deceive
                raise RefusedError("file-too-large", limit=LARGEST_PART // MB)
            if piece:
                yield piece
        if unpack is not None and not unpack.eof:
            raise zipfile.BadZipFile("truncated")
        if size != info.file_size or check != info.CRC:
            raise zipfile.BadZipFile("checksum")


_DOCTYPES: Final = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def _bound_directory(file: IO[bytes]) -> None:
    """Refuse a list of parts that is too long before it is read into memory."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 65_600))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise zipfile.BadZipFile("no end of directory")
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    count = int.from_bytes(tail[place + 10 : place + 12], "little")
    if size > MOST_PARTS * _DIRECTORY_ENTRY or count > MOST_PARTS:
        raise RefusedError("file-parts", number=MOST_PARTS)


def _bound(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_PARTS:
        raise RefusedError("file-parts", number=MOST_PARTS)
    if sum(i.file_size for i in infos) > LARGEST_PACKAGE:
        raise RefusedError("file-too-large", limit=LARGEST_PACKAGE // MB)
    for info in infos:
        if info.file_size > _SMALL_PART and info.file_size > LARGEST_RATIO * max(1, info.compress_size):
            raise RefusedError("file-too-large", limit=LARGEST_PART // MB)
        if info.flag_bits & 1:
            raise RefusedError("file-protected")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("unknown compression")
        name = info.filename.replace("\\", "/")
        if ".." in PurePosixPath(name).parts or ":" in name:
            raise RefusedError("file-names", value=info.filename[:100])
    names = [i.filename.replace("\\", "/").lstrip("/").casefold() for i in infos]
    if len(set(names)) != len(names):  # two parts of one name: two readers would see two files
        raise zipfile.BadZipFile("a part stands there twice")
