"""A municipality in words: one page in short, then the parts, what is not known, and the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...graph.analyses.advising.past_agreements import DUE
from ...graph.analyses.offers import HERE
from ...ontology.catalogue import LANGUAGES
from .gathered import Gathered, Together
from .lacking import lacking, lacks_of
from .parts import Box, Section, Told
from .passing import passing
from .telling import Telling
from .there import FREE, there
from .together import agreements, contacts
from .unknown import sources, unknown
from .waiting import waits
from .ways import ways

_Tell = Callable[[Telling, int], Section]


def told(found: Gathered, lang: str = "nl") -> Told:
    """The report in words. Raises ValueError for a language that does not exist."""
    return told_by(telling_of(found, lang))


def telling_of(found: Gathered, lang: str = "nl") -> Telling:
    """What tells the answers in a language. Raises ValueError for one that does not exist."""
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}")
    return Telling(found, lang)


def told_by(telling: Telling) -> Told:
    """The report in words; after it ``telling`` knows the letters of all files."""
    found = telling.found
    say, words, settings = telling.say, telling.words, found.landscape.settings
    # in this order files get their letters; the sources come last, when all are known
    sections = tuple(tell(telling, number) for number, tell in enumerate(_parts(found.together), 1))
    fictional = "fictief" in f"{settings.name} {settings.title}".casefold()
    return Told(
        found.municipality,
        say("title", place=telling.place),
        settings.title,
        settings.publisher,
        words.say("frame.reference_date", date=words.date(settings.reference_date)),
        say("edition.coalitie" if found.together else "edition.openbaar"),
        words.say("frame.fictional") if fictional else None,
        (say("intro", place=telling.place), say("not_the_same")),
        tuple(_boxes(telling)),
        sections,
        words.say("footer.purpose"),
        words.say("footer.safety"),
    )


def _parts(together: Together | None) -> Iterator[_Tell]:
    yield there
    yield ways
    yield waits
    if together is not None:
        yield lambda telling, number: passing(telling, number, together.flows)
        yield lambda telling, number: lacking(telling, number, together.gaps)
        yield lambda telling, number: contacts(telling, number, together)
        yield lambda telling, number: agreements(telling, number, together.agreements)
    yield unknown
    yield sources


# --- in short ----------------------------------------------------------------------------------------------------
def _boxes(telling: Telling) -> Iterator[Box]:
    together = telling.found.together
    for key, lines in (
        ("there", _short_there(telling)),
        ("waiting", _short_waiting(telling)),
        ("unknown", _short_unknown(telling)),
        ("discuss", _short_discuss(telling, together) if together else ()),
    ):
        said = tuple(lines)
        if said:
            yield Box(key, telling.say(f"box.{key}"), said)


def _short_there(telling: Telling) -> Iterator[str]:
    every = telling.found.every
    yield telling.count("short.offers", len(every), place=telling.place)
    free = [o for o in every if o.access == FREE]
    here = [o for o in free if o.nearby == HERE]
    if free:
        yield telling.count("short.free", len(free), here=len(here))
        yield telling.say("short.example", names=telling.several((o.name for o in free), 3))


def _short_waiting(telling: Telling) -> Iterator[str]:
    waits = [o.wait for o in telling.found.every]
    known = [w for w in waits if w.known and not w.closed]
    none = [w for w in known if w.high == 0]
    longest = max((w.expected or w.low or 0.0 for w in known), default=0.0)
    if known:
        yield telling.say("short.known", number=len(known), all=len(waits), longest=telling.time(longest), none=len(none))
    else:
        yield telling.say("short.nothing_known")
    closed = sum(w.closed for w in waits)
    if closed:
        yield telling.count("short.closed", closed)


def _short_unknown(telling: Telling) -> Iterator[str]:
    every = telling.found.every
    outdated = sum(o.wait.assumed and o.wait.outdated for o in every)
    unknown = sum(o.wait.assumed for o in every) - outdated
    if unknown or outdated:
        yield telling.say("short.unknown", unknown=unknown, outdated=outdated, all=len(every))
    levels = [telling.level(level.level) for level in telling.found.ways if not level.ways]
    if levels:
        yield telling.say("short.no_way", levels=telling.several(levels))
    ages = sum(o.age_from is None and o.age_until is None for o in every)
    if ages:
        yield telling.count("short.ages", ages)


def _short_discuss(telling: Telling, together: Together) -> Iterator[str]:
    names = sorted({p.name for level in together.flows.levels for p in level.partners if p.bottleneck}, key=str.casefold)
    if names:
        yield telling.count("short.bottlenecks", len(names), names=telling.several(names))
    lacks = lacks_of(together.gaps.cells)
    levels = list(dict.fromkeys(telling.level(x.level) for x in lacks if x.status == "geen aanbod"))
    if levels:
        yield telling.say("short.lacks", levels=telling.several(levels))
    if together.contacts.lines:
        yield telling.count("short.contacts", len(together.contacts.lines))
    due = sum(kept.due == DUE for kept in together.agreements)
    if due:
        yield telling.count("short.due", due)
