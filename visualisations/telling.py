"""What is told of a row whatever it is: where it comes from, when it holds, for whom, and its links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from .material import Material, Row

_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_NOT_IN_LINKS: Final = frozenset("<>\"'`\\{}|^")


def origin(material: Material, row: Row) -> str:
    """Source and its date, when it was verified, file, sheet and row, and the remark: one cell."""
    words, say = material.words, material.words.say
    source = row["source"] or words.unknown
    verified = row["verified_on"]
    said = [
        say("word.source_dated", source=source, date=words.date(row["source_date"])) if row["source_date"] else source,
        say("word.verified", date=words.date(verified)) if verified else say("word.not_verified"),
        address(material, row),
        row["remark"],
    ]
    return "\n".join(filter(None, said))


def address(material: Material, row: Row) -> str | None:
    """File, sheet and row of a fact."""
    if not row["file"]:
        return None
    sheet = material.words.say("word.sheet", sheet=row["sheet"]) if row["sheet"] else ""
    return material.words.say("word.address", file=row["file"], sheet=sheet, row=row["row"] or "?")


def validity(material: Material, row: Row) -> str | None:
    """From when to when a row holds, and that it does not hold now; None when nothing is said."""
    words = material.words
    if not (row["valid_from"] or row["valid_until"]):
        return None
    return words.say(
        "word.valid",
        start=words.date(row["valid_from"]),
        end=words.date(row["valid_until"]),
        now="" if material.valid(row) else words.say("word.not_now"),
    )


def conditions(material: Material, row: Row) -> Iterator[str]:
    """Themes, ages and municipalities that a route or wait is limited to."""
    if row["themes"]:
        yield material.themes(row["themes"])
    if row["age_from"] is not None or row["age_until"] is not None:
        yield material.words.ages(row["age_from"], row["age_until"])
    if row["municipalities"]:
        yield material.areas(row["municipalities"])


def whom(material: Material, row: Row) -> str:
    """For whom an offering is: audience and ages."""
    words = material.words
    ages = words.ages(row["age_from"], row["age_until"])
    if not row["audience"]:
        return ages
    known = row["age_from"] is not None or row["age_until"] is not None
    key = "word.whom" if known else "word.whom_ages_unknown"
    return words.say(key, audience=words.labels("audience", row["audience"]), ages=ages)


def inner(text: str, endpoint: str) -> Markup:
    """A link within the page to the details of an endpoint."""
    # put together by hand: Markup.format is ten times slower, and there are thousands
    return Markup(f'<a href="#toon={quote(endpoint, safe="")}">{escape(text)}</a>')  # noqa: S704  # both are escaped


def outer(url: str | None) -> str | Markup:
    """A website as a link when it is a plain http(s) address, else as text."""
    safe = safe_link(url)
    if safe is None:
        return url or ""
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(safe, url)


def safe_link(url: str | None) -> str | None:
    """``url`` when it is a plain http(s) address with a host, else None (then it stays text).

    >>> safe_link("https://voorbeeld.nl/a"), safe_link("javascript:alert(1)"), safe_link("www.voorbeeld.nl")
    ('https://voorbeeld.nl/a', None, 'https://www.voorbeeld.nl')
    """
    if not url or any(ch.isspace() or ch in _NOT_IN_LINKS or not ch.isprintable() for ch in url):
        return None
    full = url if "://" in url or not url.lower().startswith("www.") else f"https://{url}"
    try:
        parts = urlsplit(full)
        host, port = parts.hostname, parts.port
    except ValueError:  # an address that does not parse stays text
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or port == 0 or not host or "." not in host:
        return None
    return full if all(ch in _HOST for ch in host.lower()) else None
