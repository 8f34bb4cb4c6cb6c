"""XML changed as text, so that everything that is not ours stays byte for byte as it was.

A parser that writes its tree back loses what it does not know (prefixes, extensions, order). Here only the places
that change are touched. ``Unusual`` is raised for what cannot be changed so: the caller takes another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

_TAG: Final = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(/?)([\w.:-]+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>", re.DOTALL
)
_ATTRIBUTE: Final = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
#: Signs that XML 1.0 cannot hold at all.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Unusual(Exception):  # noqa: N818  # no fault of the file: a form that we do not change as text
    """A workbook in a form that is not changed as text; it is given back in another way."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element in a text: its local name, the attributes as text, and where it and its content stand."""

    name: str
    start: int
    inside: int
    outside: int
    end: int
    attributes: str

    @property
    def empty(self) -> bool:
        """Whether it is written without an end tag."""
        return self.inside == self.end


def decoded(data: bytes) -> str:
    """The text of a part (Unusual where it is no UTF-8)."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusual("encoding") from error
    declared = re.match(r"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", text)
    if declared and declared[1].casefold() not in ("utf-8", "us-ascii", "ascii"):
        raise Unusual("encoding")
    if "purl.oclc.org/ooxml" in text[:2000]:
        raise Unusual("strict")
    return text


def root(text: str) -> Element:
    """The outermost element."""
    for found in children(text, 0, len(text)):
        return found
    raise Unusual("no element")


def prefix(text: str) -> str:
    """The prefix of the outermost element with its colon; mostly nothing."""
    found = re.search(r"<([\w.-]+:)?[\w.-]+[\s/>]", re.sub(r"<\?.*?\?>|<!--.*?-->", "", text[:5000], flags=re.DOTALL))
    return (found[1] or "") if found else ""


def children(text: str, start: int, end: int) -> Iterator[Element]:
    """The elements that stand directly in ``text[start:end]``, in order."""
    depth = 0
    first: re.Match[str] | None = None
    for tag in _TAG.finditer(text, start, end):
        if tag[2] is None:
            continue
        if tag[1]:
            depth -= 1
            if depth < 0:
                raise Unusual("tags")
            if depth == 0 and first is not None:
                yield _element(first, tag.start(), tag.end())
                first = None
        elif tag[4]:
            if depth == 0:
                yield _element(tag, tag.end(), tag.end())
        else:
            if depth == 0:
                first = tag
            depth += 1
    if depth:
        raise Unusual("tags")


def _element(tag: re.Match[str], outside: int, end: int) -> Element:
    return Element(tag[2].rpartition(":")[2], tag.start(), tag.end(), outside, end, tag[3])


def inside(text: str, element: Element) -> Iterator[Element]:
    """The children of an element."""
    return children(text, element.inside, element.outside)


def attribute(attributes: str, name: str) -> str | None:
    """The value of an attribute by its local name."""
    for key, double, single in _ATTRIBUTE.findall(attributes):
        if key.rpartition(":")[2] == name and not key.startswith("xmlns"):
            return unescape(double or single)
    return None


def with_attribute(tag: str, name: str, value: str) -> str:
    """A start tag with an attribute set."""
    changed, number = re.subn(rf"(\s{name}\s*=\s*)(?:\"[^\"]*\"|'[^']*')", rf'\g<1>"{value}"', tag, count=1)
    if number:
        return changed
    close = "/>" if tag.endswith("/>") else ">"
    return f'{tag[: -len(close)].rstrip()} {name}="{value}"{close}'


def escaped(text: str) -> str:
    """A text as the content of an element or attribute of OOXML."""
    plain = _LOOKS_ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    """``text`` with pieces replaced; (start, end, new) in any order, none over another."""
    pieces = []
    at = 0
    for start, end, new in sorted(changes, key=lambda c: (c[0], c[1])):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])
