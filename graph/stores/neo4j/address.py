"""Where a database is: the URI that users write, taken apart."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from ....ontology.catalogue import ToldError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class Neo4jError(ToldError):
    """The server is not there, does not let us in, or refuses what we ask; ``code`` tells which."""


def is_address(text: str) -> bool:
    """Whether ``text`` is a URI rather than a folder, be it one that is no server of ours."""
    return "://" in text


def without_user(text: str) -> str:
    """``text`` without what may be a password in it, to show."""
    before, _, shown = text.rpartition("@")
    scheme, between, _ = before.partition("://")
    return scheme + between + shown if between else shown


@dataclass(frozen=True)
class Address:
    """A database on a server: ``neo4j://host:7687/DATABASE?regio=ID``; the last two may be left out.

    ``region`` chooses among several regions in one database.
    """

    uri: str
    database: str | None = None
    region: str | None = None

    @classmethod
    def of(cls, text: str, database: str | None = None) -> Address:
        """The address that ``text`` writes; ``database`` and then NEO4J_DATABASE hold where it names none."""
        try:
            parts = urlsplit(text)
            known = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 0) >= 0
        except ValueError:
            known = False
        if not known:
            raise Neo4jError("neo4j-uri", value=without_user(text))
        if "@" in parts.netloc:
            raise Neo4jError("neo4j-password-in-uri")
        named = unquote(parts.path.strip("/")) or database or os.environ.get("NEO4J_DATABASE") or None
        region = parse_qs(parts.query).get("regio", [""])[0] or None
        return cls(f"{parts.scheme}://{parts.netloc}", named, region)

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri
