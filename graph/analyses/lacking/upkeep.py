"""Gaps in the upkeep of the lists themselves: what is too old to count, and what nobody checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from ...dates import latest, outdated
from ...measured import latest as latest_of
from ...waiting import NUMBER, STATEMENT, STOP, Source
from .parts import Asked, Gap, Word, gap

OUTDATED: Final = "verouderd"
UNVERIFIED: Final = "ongeverifieerd"


def outdated_waits(asked: Asked) -> Iterator[Gap]:
    """Partners of which waits are registered that are too old (or undated) to count: one gap per partner.

    Counted is the latest number or stop of each series (subject, kind, conditions) on the partner or an offering of it.
    """
    settings = asked.landscape.settings
    waits = asked.landscape["waits"]
    measured = waits.filter((pl.col("on").list.len() == 1) & pl.col("state").ne_missing(STATEMENT))
    rows = latest_of(measured).filter(pl.col("state").is_in([NUMBER, STOP]))
    known: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        subject = row["on"][0]
        partner = asked.registered.owners.get(subject, subject)
        if partner in asked.served and not asked.is_safety(partner):
            known.setdefault(partner, []).append(row)
    for partner, served in asked.served.items():
        counted = known.get(partner, [])
        old = [w for w in counted if outdated(w["as_of"], settings.reference_date, settings.outdated_after_months)]
        if not old:
            continue
        newest = latest(w["as_of"] for w in old)
        words: dict[str, Word] = {
            "partner": asked.name(partner),
            "number": len(old),
            "total": len(counted),
            "months": settings.outdated_after_months,
            "date": newest or asked.undated(),
        }
        sources = [Source.of("waits", row) for row in old]
        sentence = "enige-wachttijd-verouderd" if len(counted) == 1 else OUTDATED
        municipality = next(asked.where(served, served), None)
        yield gap(OUTDATED, sentence, words, sources, municipality=municipality, partner=partner)


def unverified(asked: Asked) -> Iterator[Gap]:
    """Partners of which no fact has a date on which it was verified and who did not respond: one gap per partner.

    The facts are its own row, its offerings, the waits on them and the lines and routes that begin at it.
    """
    owners = asked.registered.owners
    checked: set[str] = set(asked.landscape["confirmations"]["partner"])
    for table, column in (("partners", "id"), ("offerings", "partner"), ("routes", "from"), ("lines", "from"), ("waits", "on")):
        rows = asked.landscape[table].filter(pl.col("verified_on").is_not_null())
        found = rows[column].drop_nulls()
        for endpoint in found.explode() if table == "waits" else found:
            checked.add(owners.get(endpoint, endpoint))
    own = {row["id"]: row for row in asked.landscape["partners"].iter_rows(named=True)}
    for partner, served in asked.served.items():
        if partner not in checked and not asked.is_safety(partner):
            words: dict[str, Word] = {"partner": asked.name(partner)}
            municipality = next(asked.where(served, served), None)
            source = Source.of("partners", own[partner])
            yield gap(UNVERIFIED, UNVERIFIED, words, [source], municipality=municipality, partner=partner)
