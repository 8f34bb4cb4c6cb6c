"""The words of waits: no wait, stop, unknown, about, at most, at least, and what may stand around them.

All patterns are for simplified texts: lower case, without accents, single spaces. Where the words come from:
the NZa collections of 2016 and 2018 (their R code lists what they met), providers' own pages, and this
project's examples; tests/loaders/values/texts.csv names the source of each text.
"""

from __future__ import annotations

import re
from typing import Final

from .durations import UNITS
from .text import alternatives


def _any(*patterns: str) -> str:
    """Any of some patterns, as one group."""
    return f"(?:{'|'.join(patterns)})"


def _words(text: str) -> str:
    """Any of some words, given with spaces between them."""
    return _any(*text.split())


_LIST: Final = _any("wachttijd(?:en)?", "wachtlijst(?:en)?", "(?:aanmeld|behandel|intake)(?:ings)?wachttijd(?:en)?", "wacht")
_NOW: Final = _any(
    "op dit (?:moment|ogenblik)", _words("momenteel thans nu tijdelijk voorlopig vooralsnog helaas"), "in principe"
)
_HELP: Final = f"(?:de |het |een )?{_words('behandeling hulp zorg begeleiding traject intake start gesprek afspraak')}"
_MEETING: Final = _words("gesprek afspraak contact")
_MOMENT: Final = "(?:de |het |een |uw |het moment van |de dag van )?" + _any(
    _words("aanmelding aanmelden verwijzing kennismaking(?:sgesprek)? onderzoek diagnostiek beschikking toewijzing indicatie"),
    "intake ?(?:gesprek|fase)?",
    f"(?:eerste|1e) {_MEETING}",
    f"(?:de )?start(?: van| van de)?(?: (?:de )?{_words('behandeling hulp zorg begeleiding')})?",
    _words("screening triage plaatsing behandeling adviesgesprek teamoverleg besluit melding"),
)
_AT_ONCE: Final = _words("direct meteen onmiddellijk gelijk aansluitend")

#: Words before a wait that change nothing: "de wachttijd is momenteel …".
_FRONT: Final = re.compile(
    rf"^(?:(?:de |onze |er is (?:een )?)?(?:{_words('huidige actuele verwachte gemiddelde totale')} )?{_LIST}"
    rf"(?: is| bedraagt| van)?(?: ongeveer)?(?: {_NOW})? ?:? ?(?!gesloten|vol|dicht)|{_NOW}:? )"
)
_BACK: Final = re.compile(rf"(?<=[a-z0-9.]) (?:{_LIST}|wachten|{_NOW})[.!]*$")


def bare(text: str) -> str:
    """``text`` without words around a wait that change nothing ("de wachttijd is momenteel 6 weken")."""
    if NONE.fullmatch(text.rstrip(" .!*")) or STOP.match(text):
        return text
    stripped = _FRONT.sub("", text, count=1)
    if stripped and not UNKNOWN.fullmatch(text):
        text = stripped
    if not re.search(r"\bgeen\b", text):
        text = _BACK.sub("", text)
    return text.strip()


#: No wait at all. "direct" only with what it is directly after. ("gelijk" alone may also be "the same": not read.)
NONE: Final = re.compile(
    _any(
        "nul",
        "geen",
        rf"(?:er (?:is|zijn) |(?:wij|we) (?:kennen|hebben|hanteren) |kent |{_NOW} )*(?:(?:is|zijn) er )?(?:{_NOW} )?"
        rf"geen {_LIST}(?: {_NOW})?",
        f"zonder {_LIST}",
        rf"(?:{_HELP} )?(?:per |kan |kunnen )?(?:{_AT_ONCE}|direct aansluitend)"
        rf"(?: {_words('gestart start starten beginnen beschikbaar mogelijk terecht plek plaats hulp instroom')})*"
        rf"(?: (?:na|aan|op|bij|aansluitend op|aansluitend aan) {_MOMENT})?",
        rf"(?:{_HELP} )?(?:start|starten|directe? start|gestart)(?: {_AT_ONCE})? (?:na|aan|op|bij) {_MOMENT}",
        rf"(?:{_HELP} )?(?:directe? )?(?:start|starten|begint)(?: per)? {_AT_ONCE}"
        rf"(?: (?:na|aan|op|bij|aansluitend(?: op| aan)?) {_MOMENT})?",
        rf"(?:{_HELP} )?sluit (?:direct )?aan op {_MOMENT}",
        f"gevolgd door {_HELP}",
        "(?:de)?zelfde dag(?: nog)?",
        "(?:u kunt )?direct terecht",
    )
)

_VARIES: Final = _words("wisselend wisselt varieert varierend variabel verschillend verschilt fluctueert")
_MORE_WORDS: Final = "[a-z ,/-]{2,80}"
_SEE: Final = "(?:zie|kijk op|via)"
UNKNOWN: Final = re.compile(
    _any(
        rf"(?:{_LIST} )?(?:is )?(?:nog )?(?:onbekend|niet bekend|niet te geven|niet te zeggen|onduidelijk|volgt)",
        "in overleg|nader overleg|in onderling overleg|(?:op|in) aanvraag|op afspraak|op navraag|navragen",
        _VARIES,
        f"(?:sterk )?{_VARIES}(?: sterk)? (?:per|naar|van|en|tussen) {_MORE_WORDS}",
        f"afhankelijk(?: van {_MORE_WORDS})?",
        f"hangt af van {_MORE_WORDS}",
        rf"{_SEE} (?:de |onze |opmerking|opmerkingen|toelichting|bijlage|elders)[a-z .]{{0,30}}",
        rf"{_SEE} (?:website|site|https?://\S+|www\.\S+|[a-z0-9.-]+\.(?:nl|com|org)\S*)",
        "website|neem contact op|bel ons|bellen",
        "geen wachttijdinfo(?:rmatie)?|geen cijfers(?: beschikbaar)?|geen norm",
        # there is a list, so families can apply: no stop, and no number either
        "vol ?- ?wachtlijst|(?:er is een )?wachtlijst",
    )
)

# --- stops -----------------------------------------------------------------------------------------
_STOPPED: Final = _words(
    "aanmeld aanname intake client(?:en)? patient(?:en)? opname instroom plaatsings? plaatsing inschrijf wachtlijst verwijs"
)
_PEOPLE: Final = _words("clienten patienten aanmeldingen kinderen gezinnen jeugdigen")
_STOP_WORD: Final = _any(
    rf"(?:algehele |tijdelijke? |volledige |een )?{_STOPPED}[ -]?(?:stop|pauze)",
    "stop op aanmeldingen(?: / verwijzingen)?",
    "stop",
)
_FULL_WORD: Final = _any(
    "(?:wij zitten |zit |we zitten )?(?:helemaal |tijdelijk )?(?:vol|volgeboekt|volzet)",
    f"geen {_words('plek plekken plaats plaatsen ruimte capaciteit instroom behandelmogelijkheid')}"
    f"(?: (?:beschikbaar|vrij|meer))?(?: voor nieuwe {_PEOPLE})?",
)
_CLOSED_WORD: Final = _any(
    f"(?:(?:de )?{_words('wachtlijst aanmelding inschrijving instroom wachttijd')} (?:is )?)?"
    "(?:tijdelijk |momenteel )?(?:gesloten|dicht)",
    "(?:wij nemen |we nemen |nemen )?(?:op dit moment |momenteel |helaas )*geen (?:nieuwe )?"
    f"{_words('aanmeldingen clienten patienten verwijzingen intakes inschrijvingen')}(?: (?:meer|mogelijk|aan|aannemen|op))*",
    f"neemt? geen nieuwe {_PEOPLE}(?: aan| op)?",
    "(?:op dit moment |momenteel |tijdelijk )?niet aanmelden",
)
STOP: Final = re.compile(
    rf"^(?:{_NOW} |er (?:is|geldt) (?:{_NOW} )*(?:een )?)*(?:{_STOP_WORD}|{_CLOSED_WORD}|{_FULL_WORD})(?![a-z])"
    rf"(?: {_NOW}(?![a-z]))?|"
    rf"^(?!.*\b(?:geen|niet|zonder)\b)[a-z ,]{{1,80}}\b(?:een|tijdelijke|algehele|hanteren) {_STOP_WORD}(?![a-z])"
)
#: "full" says less than a stop: it is read as one, and said.
FULL: Final = re.compile(rf"(?:{_NOW} |er is )*(?:{_FULL_WORD})(?: {_NOW})?")
UNTIL: Final = re.compile(r"(?:wij |aan |op )?(?:geldt )?(tot en met|tot aan|tot|t/m|t\.e\.m\.) (.+)")
_ROOM: Final = _words("plek plaats plaatsen ruimte open aanmelden aanmelding instroom")
OPENS: Final = re.compile(
    rf"vanaf (.{{3,30}}?) (?:weer |opnieuw )?{_ROOM}(?: mogelijk| vrij)?|(?:weer )?{_ROOM}(?: mogelijk| weer)? vanaf (.{{3,30}})"
)
YEARLESS: Final = re.compile(r"(?:(\d{1,2}|begin|half|medio|eind)(?:-| ))?([a-z]{3,9})\.?")

# --- around a time ---------------------------------------------------------------------------------
ABOUT: Final = re.compile(
    r"^(?:\u00b1|~|\u2248|\+/-|\+-|-/\+|"
    + _any(
        _words("ca circa ongeveer ong gemiddeld gem doorgaans meestal plusminus ruim bijna krap zo'n rond verwacht geschat"),
        _words("indicatie indicatief over in"),
        "rond de|naar schatting|naar verwachting|vanaf nu",
    )
    + r"(?![a-z])[.:]?) ?"
)
LESS: Final = re.compile(
    r"^(?:<=?|\u2264|"
    + _any(
        "minder dan|korter dan|niet (?:langer|meer) dan|maximaal|maximum|max\\.?|hooguit|hoogstens|ten hoogste",
        "tot en met|t/m|tot maximaal|tot max\\.?|tot|binnen(?: (?:maximaal|max\\.?))?|uiterlijk(?: binnen)?|onder(?: de)?",
    )
    + r"(?![a-z])) ?"
)
MORE: Final = re.compile(
    r"^(?:>=?|\u2265|"
    + _any("meer dan|langer dan|minimaal|minimum|min\\.?|minstens|ten minste|tenminste|op zijn minst|vanaf|boven(?: de)?")
    + r"(?![a-z])) ?"
)
OR_LESS: Final = re.compile(r",? (?:of|en) (?:korter|minder|eerder|sneller)$| (?:max\.?|maximaal)$")
OR_MORE: Final = re.compile(r",? (?:of|en) (?:langer|meer)$| ?(?:\+|plus)$| (?:min\.?|minimaal)$")
PLUS: Final = re.compile(rf"(\d{{1,3}}) ?(?:\+|plus) ?({alternatives(UNITS)})")
BETWEEN: Final = re.compile(r"(?:tussen|van)(?: de)? (.{1,40}?) (?:en|tot|tot en met|t/m)(?: de)? (.{1,40})")
#: What a wait runs from or to; it belongs to the kind of wait and changes no number.
TAIL: Final = re.compile(rf"(?: (?:na|vanaf|tot|tot aan|voor|tussen aanmelding en|totdat) {_MOMENT})$")
#: A remark that a sign sets apart: "6 weken, afhankelijk van de vraag".
REMARK: Final = re.compile(r"^(.{1,80}?[a-z0-9.])(?:[,;:*]| - |\. | \| |/ )(.+)$")
#: "intake: 4 weken": the kind of wait, which belongs in its own column.
LABEL: Final = re.compile(
    r"^(?:intake|aanmeld(?:ing|tijd|wachttijd)?|behandel(?:ing|tijd|wachttijd)?|totaal|totale wachttijd|onderzoek|"
    r"diagnostiek|start)(?: is)?(?: ?:| -|) ?(?=[\d<>\u00b1]|[a-z]+ (?:weken|maanden|week|maand))"
)
#: Words that turn a remark against the number it stands with.
TURNS: Final = re.compile(
    rf"\b{_words('langer korter minder meer extra eerder geleden niet geen gesloten dicht stop aanmeldstop opgeheven')}\b|"
    rf"\b{_words('voorbij vervallen beeindigd oplopen oploopt oplopend vakantie behalve uitgezonderd wel')}\b|"
    r"\bper (?:jaar|week|maand|kind|client)\b"
)
VAGUE: Final = re.compile(
    rf"\b{_words('paar enkele aantal meerdere lang lange langdurig kort korte snel spoedig binnenkort weldra even flinke')}\b|"
    rf"\b{_words('volgende deze vrijwel nauwelijks weken maanden dagen morgen zsm')}\b"
)


def nearest_unit(word: str) -> str | None:
    """The unit that a word was probably meant to be, as a proposal only; None for none."""
    from ..nearest import nearest

    near = nearest(word, [u for u in UNITS if len(u) > 2], alike=70)
    return near[0] if near else None
