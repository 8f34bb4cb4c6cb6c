"""A sheet → the sheet without cells about persons, or its refusal; what was found is told and never repeated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

import polars as pl

from ...graph.schema import Column, Kind, Table
from ...ontology.concepts import folded
from ..files.sheet import ROW, Sheet
from ..findings import Finding
from . import numbers, persons, stories
from .persons import Care

_CASE_HEADERS: Final = frozenset(
    "client clientnaam clientnummer clientnr naamclient dossier dossiernummer dossiernr casus casusbeschrijving "
    "casusomschrijving casusnummer naamkind kindnaam naamjeugdige jeugdigenaam hulpvraagclient hulpvraagkind patient "
    "patientnaam patientnummer gespreksverslag zorgverslag behandelverslag voorgeschiedenis anamnese leerlingnaam "
    "naamleerling leerlingnummer".split()
)
_PERSON_HEADERS: Final = frozenset(
    "contactpersoon voornaam achternaam voorletters roepnaam tussenvoegsel geboortedatum geboortejaar gebdatum geboorteplaats "
    "naammedewerker naamcontactpersoon telefoonprive mobiel mobielnummer telefoonmobiel emailprive priveemail naamvrijwilliger "
    "woonadres huisadres thuisadres priveadres adresouders naamouder naamouders naammoeder naamvader iban rekeningnummer".split()
)
#: Of one file: three cells are no slip of the pen any more.
_MANY: Final = 3
#: Rows that a finding names one by one for programs; the sentence names the first few.
_MOST_ROWS: Final = 1_000
_FEW_ROWS: Final = 5

_CONTACTS: Final = frozenset(("contact", "contact_function", "owner", "decided_by", "confirmed_by", "supplier"))
_FUNCTIONS: Final = _CONTACTS - {"contact"}
_ORGANISATIONS: Final = frozenset(("name", "short_name", "other_names", "title", "written"))
_DESCRIPTIONS: Final = frozenset(
    (
        "description",
        "ask_for",
        "not_for",
        "conditions",
        "what",
        "where",
        "costs",
        "district",
        "indicator",
        "unit",
        "consultation",
        "clock_from",
        "clock_to",
    )
)
_TEXTS: Final = (Kind.TEXT, Kind.TEXTS)
#: What something is called, in sheets that are no table of ours.
_NAME_HEADERS: Final = frozenset(
    ("name", "naam", "alternatename", "title", "titel", "organisation", "organization", "organisatie")
)
#: Our own made-up stories, fictional by contract (CONTRACTS §1).
_FICTION: Final = "cases"


def screened(
    sheet: Sheet, table: Table | None = None, mapping: Mapping[str, str] | None = None
) -> tuple[Sheet | None, list[Finding]]:
    """The sheet without cells about persons; None where the whole file is refused.

    ``table`` is what the sheet was recognised as, ``mapping`` the columns that routekaart.toml renames; without
    them every column is looked at as free text. A file is refused for citizen service numbers (numbers.py) and
    for descriptions of children (stories.py), or a column that says that it holds them. Single stories, names,
    personal addresses and numbers stay unread: the whole cell, because half a cell may still tell who it is.
    One finding tells of all such cells of a column; none repeats a value.
    """
    return _Screening(sheet, table, mapping or {}).done()


class _Screening:
    def __init__(self, sheet: Sheet, table: Table | None, mapping: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.table = table
        self.columns = _columns_of(sheet, table, mapping)
        self.unique: dict[str, pl.Series] = {
            h: sheet.frame[h].drop_nulls().cast(pl.String).unique(maintain_order=True) for h in sheet.headers
        }
        self.known_stories: dict[str, list[str]] = {}

    def done(self) -> tuple[Sheet | None, list[Finding]]:
        refusals = self.refusals()
        if refusals:
            return None, refusals
        findings: list[Finding] = []
        frame = self.sheet.frame
        unread: dict[str, set[int]] = {}
        for header in self.sheet.headers:
            if header not in self.columns and folded(header) in _PERSON_HEADERS:
                filled = frame[header].drop_nulls().len()
                if filled:
                    findings.append(self.told("privacy-column", header, (("number", filled),)))
                frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(header))
                continue
            kinds = self.kinds(header)
            if not kinds:
                continue
            marked = frame.select(
                ROW, pl.col(header).replace_strict(kinds, default=None, return_dtype=pl.String).alias("\x00kind")
            ).drop_nulls()
            for code in sorted(set(kinds.values())):
                rows = marked.filter(pl.col("\x00kind") == code)[ROW].to_list()
                findings.append(self.cells(code, header, rows))
            frame = frame.with_columns(pl.when(~pl.col(header).is_in(list(kinds))).then(pl.col(header)).alias(header))
            unread[header] = set(marked[ROW])
        shown = {h: {r: t for r, t in cells.items() if r not in unread.get(h, ())} for h, cells in self.sheet.displayed.items()}
        return replace(self.sheet, frame=frame, displayed=shown), [*findings, *self.named()]

    def told(self, code: str, header: str | None, values: tuple[tuple[str, object], ...] = (), row: int | None = None) -> Finding:
        return Finding(code, self.sheet.file, self.sheet.sheet, row, header, values=values)

    def cells(self, code: str, header: str, rows: list[int]) -> Finding:
        """One finding for all cells of a column: how many, the first rows for people, all for programs."""
        few = ", ".join(str(r) for r in rows[:_FEW_ROWS]) + (", …" if len(rows) > _FEW_ROWS else "")
        values = (("number", len(rows)), ("few", few), ("rows", tuple(rows[:_MOST_ROWS])))
        return self.told(code, header, values, rows[0])

    # --- what refuses the file -------------------------------------------------------------------------
    def refusals(self) -> list[Finding]:
        found: list[Finding] = []
        saying = telling = 0
        for header in self.sheet.headers:
            texts = self.unique[header]
            if texts.is_empty():
                continue
            if folded(header) in _CASE_HEADERS and header not in self.columns:
                found.append(self.told("privacy-case", header))
                continue
            likely = texts.filter(texts.str.contains(numbers.BSN_LIKE))
            if len(likely):
                counts = self.times(header, likely)
                if numbers.holds_bsn(header, len(self.sheet.frame[header].drop_nulls()), counts.items()):
                    found.append(self.told("privacy-bsn", header))
                    continue
                saying += sum(counts[t] for t in likely if numbers.says_bsn(t))
            if (many := self.stories(header)) is not None:
                number, reasons = many
                telling += number
                if number >= _MANY or (number * 2 >= len(self.sheet.frame[header].drop_nulls()) and number > 1):
                    found.append(self.told("privacy-story", header, (("number", number), ("reasons", reasons))))
        if not found and saying >= _MANY:
            found.append(self.told("privacy-bsn", self.first_saying()))
        if not found and telling >= _MANY:
            found.append(self.told("privacy-stories", None, (("number", telling),)))
        return found

    def times(self, header: str, texts: pl.Series) -> dict[str, int]:
        counted = self.sheet.frame.select(header).filter(pl.col(header).is_in(texts.to_list())).group_by(header).len()
        return dict(counted.iter_rows())

    def first_saying(self) -> str:
        return next(h for h in self.sheet.headers if any(numbers.says_bsn(t) for t in self.unique[h]))

    def stories(self, header: str) -> tuple[int, stories.Reasons] | None:
        """How many cells of the column tell about one child, and by what signs; None where nothing is looked at."""
        found = self.told_in(header)
        if not found:
            return None
        signs: Counter[str] = Counter()
        for text in found:
            signs.update(stories.story_score(text)[1])
        most = tuple(name for name, _ in sorted(signs.items(), key=lambda pair: (-pair[1], pair[0]))[:4])
        return sum(self.times(header, pl.Series(found)).values()), stories.Reasons(most)

    def told_in(self, header: str) -> list[str]:
        """The distinct texts of a column that are stories; looked up once."""
        if header not in self.known_stories:
            self.known_stories[header] = stories.stories_in(self.unique[header]) if self.tells(header) else []
        return self.known_stories[header]

    def tells(self, header: str) -> bool:
        """Whether a story may stand in the column: free text, known or not, but for our own fiction and names."""
        if self.table is not None and self.table.name == _FICTION:
            return False
        column = self.columns.get(header)
        return column is None or column.kind in _TEXTS

    # --- what stays unread -----------------------------------------------------------------------------
    def kinds(self, header: str) -> dict[str, str]:
        """Distinct text → the code of what is found in it, for the texts of a column that stay unread."""
        care = self.care(header)
        texts = self.unique[header]
        # all but a name has a digit or an @ in it, and most columns have neither
        signed = texts.filter(texts.str.contains(r"[\d@]"))
        checks: list[tuple[str, pl.Series, str, Callable[[str], bool]]] = []
        if len(signed):
            checks += [
                ("privacy-number", signed, numbers.BSN_LIKE, numbers.says_bsn),
                ("privacy-birth", signed, numbers.BIRTH_LIKE, numbers.has_birth_date),
                ("privacy-person", signed, persons.MAIL_LIKE, persons.has_personal_mail),
                ("privacy-person", signed, numbers.MOBILE_LIKE, numbers.has_mobile),
                ("privacy-account", signed, numbers.IBAN_LIKE, numbers.has_bank_account),
            ]
        if care is not Care.NONE:
            like = r"\p{Lu}" if care is Care.CONTACT else persons.NAME_LIKE
            checks.append(("privacy-name", texts, like, lambda text: persons.names_a_person(text, care)))
        column = self.columns.get(header)
        if len(signed) and column is not None and column.name in _FUNCTIONS:
            checks.append(("privacy-address", signed, r"\d", persons.has_address))
        found = dict.fromkeys(self.told_in(header), "privacy-one-story")
        for code, among, like, test in checks:
            for text in among.filter(among.str.contains(like)):
                if test(text):
                    found.setdefault(text, code)
        return found

    def care(self, header: str) -> Care:
        column = self.columns.get(header)
        if column is None:
            if self.table is not None:
                return Care.NONE  # not part of the table, so not read
            return Care.ORGANISATION if folded(header) in _NAME_HEADERS else Care.REMARK
        if self.table is not None and self.table.name == _FICTION:
            return Care.NONE
        if column.name in _CONTACTS:
            return Care.CONTACT
        if column.name in _ORGANISATIONS:
            return Care.ORGANISATION
        if column.kind not in _TEXTS:
            return Care.NONE
        return Care.DESCRIPTION if column.name in _DESCRIPTIONS else Care.REMARK

    # --- what is around the cells -----------------------------------------------------------------------
    def named(self) -> list[Finding]:
        """Whether the file or the sheet is called after a person; nothing can be left unread there."""
        stem = re.sub(r"\.[A-Za-z]{2,5}$", "", self.sheet.file)
        names = [n for n in (stem, self.sheet.sheet) if n]
        return [self.told("privacy-file-name", None)] if any(persons.of_person(n) for n in names) else []


def _columns_of(sheet: Sheet, table: Table | None, mapping: Mapping[str, str]) -> dict[str, Column]:
    """Header → column of the table; headers that the table does not know are not in it."""
    if table is None:
        return {}
    known = {folded(n): c for c in table.headed for n in (c.en, c.name, c.nl)}
    renamed = {folded(a): folded(b) for a, b in mapping.items() if folded(b) in known}
    renamed |= {folded(b): folded(a) for a, b in mapping.items() if folded(a) in known and folded(b) not in known}
    found = {h: known.get(renamed.get(folded(h), folded(h))) for h in sheet.headers}
    return {h: c for h, c in found.items() if c is not None}


def withheld(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with what they repeat of a cell left out where that is about a person.

    Screening goes over the cells of tables. A reader may also tell of what stands around them (a title, a
    footnote, a heading), so this net is put under everything that is told.
    """
    return [_withheld(finding) for finding in findings]


_NOT_SAID: Final = "…"


def _withheld(finding: Finding) -> Finding:
    if finding.code.startswith("privacy-"):
        return finding
    return replace(
        finding,
        value=_said(finding.value),
        suggestion=_said(finding.suggestion),
        column=_said(finding.column),
        values=tuple((k, _said(v) if isinstance(v, str) else v) for k, v in finding.values),
    )


def _said(text: str | None) -> str | None:
    return _NOT_SAID if text and is_about_somebody(text) else text


@lru_cache(10_000)
def is_about_somebody(text: str) -> bool:
    """Whether a loose text holds what must not be repeated: a story, a number, an address, a whole name."""
    return (
        numbers.says_bsn(text)
        or any(len(n) == 9 and numbers.passes_eleven_test(n) for n in numbers.nine_digit_numbers(text))
        or numbers.has_mobile(text)
        or numbers.has_birth_date(text)
        or numbers.has_bank_account(text)
        or persons.has_personal_mail(text)
        or stories.is_story(text)
        or persons.names_a_person(text, Care.DESCRIPTION)
    )
