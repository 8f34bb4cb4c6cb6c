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
    """Whether ``text`` is the URI of a server rather than a folder."""
    return text.partition("://")[0].casefold() in SCHEMES and "://" in text


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
        parts = urlsplit(text)
        try:
            known = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 0) >= 0
        except ValueError:
            known = False
        if not known:
            raise Neo4jError("neo4j-uri", value=text.rpartition("@")[2])
        if parts.username or parts.password:
            raise Neo4jError("neo4j-password-in-uri")
        named = unquote(parts.path.strip("/")) or database or os.environ.get("NEO4J_DATABASE") or None
        region = parse_qs(parts.query).get("regio", [""])[0] or None
        return cls(f"{parts.scheme}://{parts.netloc}", named, region)

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri
