"""An advice in words: one page in short, eight parts, what it rests on, and the receipts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...graph.analyses.advising.answer import Advice
from ...graph.analyses.advising.light_support import SOON
from ...graph.analyses.advising.past_agreements import DUE
from ...graph.landscape import Landscape
from ...ontology.catalogue import LANGUAGES, text
from .followup import agreements, asking, questions
from .parts import Box, Section, Told
from .proposals import contacts, routes, way, with_whom
from .telling import Telling, begun
from .there import lacking, there, waiting

THERE, WAITING, LACKING, CONTACTS, ROUTES, ASK, AGREEMENTS, QUESTIONS = range(1, 9)
#: So many names stand in the summary.
_IN_SHORT: Final = 3


def told(landscape: Landscape, advice: Advice, lang: str = "nl") -> Told:
    """An advice in words. Raises ValueError for a language that does not exist."""
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}")
    telling = Telling(landscape, advice, lang)
    say, words, settings = telling.say, telling.words, landscape.settings
    # the receipts are numbered in this order
    sections = tuple(_sections(telling))
    fictional = "fictief" in f"{settings.name} {settings.title}".casefold()
    return Told(
        say("title", place=telling.place),
        settings.title,
        settings.publisher,
        words.say("frame.reference_date", date=words.date(settings.reference_date)),
        say("edition"),
        words.say("frame.fictional") if fictional else None,
        (say("intro", place=telling.place), say("about_numbers")),
        tuple(_boxes(telling)),
        sections,
        tuple(_ground(telling)),
        telling.receipts.told(),
        words.say("footer.purpose"),
        words.say("footer.safety"),
    )


def _sections(telling: Telling) -> Iterator[Section]:
    say = telling.say
    leads = {"place": telling.place, "unit": telling.unit}
    for key, number, (items, rest) in (
        ("there", THERE, there(telling)),
        ("waiting", WAITING, waiting(telling, ASK)),
        ("lacking", LACKING, lacking(telling)),
        ("contacts", CONTACTS, contacts(telling)),
        ("routes", ROUTES, routes(telling, ASK)),
        ("ask", ASK, asking(telling)),
        ("agreements", AGREEMENTS, agreements(telling)),
        ("questions", QUESTIONS, questions(telling)),
    ):
        yield Section(key, number, say(f"section.{key}"), say(f"{key}.lead", **leads), tuple(items), tuple(rest))


# --- in short ----------------------------------------------------------------------------------------------------
def _boxes(telling: Telling) -> Iterator[Box]:
    for key, parts, lines in (
        ("there", (THERE,), _short_there(telling)),
        ("waiting", (WAITING,), _short_waiting(telling)),
        ("unknown", (LACKING, ASK), _short_unknown(telling)),
        ("discuss", (CONTACTS, ROUTES, AGREEMENTS, QUESTIONS), _short_discuss(telling)),
    ):
        yield Box(key, telling.say(f"box.{key}"), tuple(lines), parts)


def _short_there(telling: Telling) -> Iterator[str]:
    say, light = telling.say, telling.advice.light
    if not light.offers:
        yield say("there.none", place=telling.place)
        return
    number = len(light.offers)
    yield (
        say("short_there.free_one", place=telling.place)
        if number == 1
        else say("short_there.free", number=number, place=telling.place)
    )
    if light.unled:
        yield say("short_there.unled", number=light.unled)
    if light.light:
        names = dict.fromkeys(one.offer.name for one in light.light)
        yield say("short_there.for_example", names=telling.several(list(names), _IN_SHORT))


def _short_waiting(telling: Telling) -> Iterator[str]:
    say, advice = telling.say, telling.advice
    bottlenecks = [w for w in advice.waiting if w.passed.bottleneck]
    for w in bottlenecks[:_IN_SHORT]:
        norm = telling.time(w.passed.norm.days or 0.0) if w.passed.norm else ""
        yield say("short_waiting.bottleneck", name=w.passed.name, wait=telling.time(w.passed.wait.expected or 0.0), norm=norm)
    named = {w.passed.node for w in bottlenecks}
    levels: set[int] = set()
    for w in advice.waiting:
        if w.level not in levels and w.passed.node not in named:
            levels.add(w.level)
            wait = telling.time(w.passed.wait.expected or 0.0)
            yield say("short_waiting.place", level=begun(telling.level(w.level)), name=w.passed.name, wait=wait)
    if all(asked.longest is None for asked in advice.asked):
        yield say("short_waiting.nothing_known")
    elif not advice.waiting:
        yield say("waiting.short", weeks=telling.time(SOON))
    if advice.closed:
        yield say("short_waiting.closed", number=len(advice.closed))


def _short_unknown(telling: Telling) -> Iterator[str]:
    say, advice = telling.say, telling.advice
    yield say("short_unknown.waits", unknown=advice.unknown_waits, all=advice.waits)
    if advice.to_ask:
        yield say("short_unknown.ask", names=telling.several([one.name for one in advice.to_ask], _IN_SHORT))
    if advice.lacking:
        yield say("short_unknown.lacking", number=advice.lacking_in_all)
    else:
        yield say("short_unknown.lacking_none")
    if advice.kinds:
        kinds = [text(f"gaps.kinds.{kind}", telling.lang) for kind, _ in advice.kinds]
        yield say("short_unknown.kinds", kinds="; ".join(kind[:1].lower() + kind[1:] for kind in kinds))


def _short_discuss(telling: Telling) -> Iterator[str]:
    say, advice = telling.say, telling.advice
    if advice.contacts:
        names = [with_whom(telling, contact) for contact in advice.contacts]
        yield say("short_discuss.contacts", names="; ".join(names[:_IN_SHORT]))
    if advice.routes:
        # of every level the first one before the others
        first = sorted(advice.routes, key=lambda route: route.number)[:_IN_SHORT]
        yield say("short_discuss.routes", names="; ".join(way(telling, route) for route in first))
    if not advice.contacts and not advice.routes:
        yield say("short_discuss.nothing")
    due = sum(kept.due == DUE for kept in advice.agreements)
    if due:
        yield say("short_discuss.due", number=due)
    yield say("short_discuss.questions", number=QUESTIONS)


# --- what it rests on ----------------------------------------------------------------------------------------------
def _ground(telling: Telling) -> Iterator[str]:
    say, frame = telling.say, telling.advice.frame
    date = telling.words.date(frame.reference_date)
    if frame.known_waits is None or frame.outdated_waits is None:
        yield say("ground.reference_none", date=date)
    else:
        shares = {"known": f"{100 * frame.known_waits:.0f}", "outdated": f"{100 * frame.outdated_waits:.0f}"}
        yield say("ground.reference", date=date, place=telling.place, **shares)
    if frame.weighted:
        threshold = telling.advice.threshold
        key = "ground.weighted" if threshold else "ground.weighted_all"
        yield say(key, unit=telling.unit, threshold=threshold) if threshold else say(key, unit=telling.unit)
    yield say("ground.not_looked")
    for assumption in frame.assumptions:
        yield text(f"answers.assumed.{assumption.key}", telling.lang, **dict(assumption.values))
