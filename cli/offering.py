"""offers: what is there for this family, nearby, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import options
from .document import Cell, Document
from .language import language, say
from .options import Age, AsFormat, Format, Lang, Level, Municipality, Out, Theme, Top, WithOutdated
from .output import number, write
from .wording import age_text, assumption_texts, header, level_text, profile_text, wait_text

if TYPE_CHECKING:
    from ..graph.analyses.offers import Offer, Offers
    from ..graph.landscape import Landscape
    from ..graph.profile import Profile


def offers(
    out: Out,
    gemeente: Municipality = None,
    age: Age = None,
    theme: Theme = None,
    level: Level = None,
    with_outdated: WithOutdated = False,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from itertools import product

    from ..graph.analyses.offers import offers_of_any
    from ..graph.profile import Profile
    from .reading import read

    landscape = read(out)
    codes, ages, themes = options.municipalities(landscape, gemeente), options.ages(age), options.themes(landscape, theme)
    profiles = [Profile(*p) for p in product(codes, ages or (None,), themes or (None,))]
    answer = offers_of_any(landscape, profiles, options.levels(level) or None, with_outdated=with_outdated)
    found = answer.as_dict()
    if top:
        found["offers"] = found["offers"][:top]
    write(_offers_document(landscape, answer, profiles, top), {**header(answer.frame), **found}, format)
    return 0


def _offers_document(landscape: Landscape, answer: Offers, profiles: list[Profile], top: int) -> Document:
    made = Document()
    where = " · ".join(profile_text(landscape, p.municipality, p.age, p.theme) for p in profiles)
    shown = answer.offers[: top or None]
    made.heading(say("answers.offers.title", profile=where))
    if not answer.offers:
        made.say(say("answers.offers.none"))
    for level in answer.levels:
        here = [o for o in shown if o.level == level]
        if here:
            made.heading(level_text(level))
            _offers_table(made, landscape, here)
    if answer.unlevelled:
        made.heading(say("answers.offers.unlevelled"))
        _offers_table(made, landscape, answer.unlevelled)
    if len(shown) < len(answer.offers):
        made.say(say("answers.more", number=number(len(answer.offers) - len(shown))))
    waits = [o.wait for o in (*answer.offers, *answer.unlevelled)]
    if waits:
        known = sum(w.known for w in waits)
        old = sum(w.outdated for w in waits)
        made.say(say("answers.offers.known", number=len(waits), known=known, outdated=old, date=answer.frame.reference_date))
    for sentence in assumption_texts(answer.frame):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.long([*answer.rows()[: len(shown)], *answer.rows()[len(answer.offers) :]])
    return made


def _offers_table(made: Document, landscape: Landscape, found: list[Offer] | tuple[Offer, ...]) -> None:
    from ..ontology.concepts import scheme

    rows: list[list[Cell]] = []
    for o in found:
        where = say(f"answers.nearby.{o.nearby}")
        if o.nearby == "elders" and o.location:
            where = landscape.municipality_names.get(o.location, o.location)
        access = scheme("access").label(o.access, language()) if o.access else say("answers.unknown")
        rows.append(
            [
                o.name,
                o.partner_name or "",
                where,
                access,
                age_text(o.age_from, o.age_until),
                wait_text(o.wait),
                o.how_to_apply or "",
            ]
        )
    made.table([say(f"answers.offers.{c}") for c in ("name", "partner", "where", "access", "age", "wait", "apply")], rows)
