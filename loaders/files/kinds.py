"""What a file is, by its first bytes and its parts; its ending is what somebody called it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final

from .guard import Package

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(Enum):
    """What a file holds; the value is the ending that belongs to it."""

    TEXT = ".csv"
    XLSX = ".xlsx"
    XLSB = ".xlsb"
    XLS = ".xls"
    ODS = ".ods"
    PROTECTED = "protected"
    MARKUP = ".html"
    OTHER = ""  # known, and no table: a letter, a picture, a page


#: Endings that go with a kind without anything to tell.
_ENDINGS: Final = {
    Kind.TEXT: (".csv", ".tsv", ".txt", ".tab"),
    Kind.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    Kind.XLSB: (".xlsb",),
    Kind.XLS: (".xls", ".xlt"),
    Kind.ODS: (".ods", ".ots"),
}
_MARKUP: Final = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<head", b"<style", b"<meta", b"mime-version:")
_PICTURES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def plain_kind(head: bytes) -> Kind | None:
    """The kind by the first bytes; None for a package (a zip) and an OLE container, which need a further look."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)):
        return None
    if head.startswith(_PICTURES):
        return Kind.OTHER
    if head[:4] in (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00"):
        return Kind.XLS  # a bare stream of records, as old programs write it
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\x00", b"")[:64].lower()
    return Kind.MARKUP if start.startswith(_MARKUP) else Kind.TEXT


def container_kind(data: bytes) -> Kind:
    """The kind of an OLE container, by the names of its streams."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        return Kind.PROTECTED
    return Kind.XLS if has("Workbook") or has("Book") else Kind.OTHER


def package_kind(package: Package) -> Kind:
    """The kind of a zip, by its parts."""
    if "xl/workbook.bin" in package:
        return Kind.XLSB
    if "mimetype" in package and package.size("mimetype") < 200:
        return Kind.ODS if b"spreadsheet" in package.read("mimetype") else Kind.OTHER
    if "word/document.xml" in package or "ppt/presentation.xml" in package or "Index/Document.iwa" in package:
        return Kind.OTHER
    return Kind.XLSX if "[Content_Types].xml" in package else Kind.OTHER


def is_called(path: Path, kind: Kind) -> bool:
    """Whether the ending of ``path`` is one of ``kind``."""
    return path.suffix.casefold() in _ENDINGS.get(kind, ())
