"""The catalogue: every sentence in both languages with the same places, each one used, and no forbidden word."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from routekaart.loaders.codes import CODES
from routekaart.ontology.catalogue import LANGUAGES, ToldError, sentences, text

ROOT = Path(__file__).parents[1]
SOURCES = "\n".join(
    p.read_text("utf-8")
    for room in ("cli", "graph", "loaders", "ontology", "visualisations")
    for p in sorted((ROOT / room).rglob("*"))
    if p.suffix in (".py", ".j2", ".js", ".rq") and p != ROOT / "loaders" / "codes.py"
)


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", sentences())
def test_both_languages_say_the_same_things(key: str) -> None:
    nl, en = (sentences()[key][lang] for lang in LANGUAGES)
    assert nl
    assert en
    assert places(nl) == places(en), key


@pytest.mark.parametrize("key", [k for k in sentences() if not k.startswith("map.")])
def test_every_sentence_is_used(key: str) -> None:
    last = key.rpartition(".")[2]
    below = key.partition(".")[2]  # a room may say the first part of its keys once (visualisations/about/content.py)
    whole = key in SOURCES or f'"{below}"' in SOURCES or f'"{last}"' in SOURCES or f"'{last}'" in SOURCES
    parts = {"one", "more", "certain", "uncertain"}
    assert (
        whole
        or last.rpartition("_")[2] in parts
        or key.startswith(
            (
                "findings.",
                "cli.commands.",
                "answers.reason",
                "compared.reason",
                "layers.field.share_",
                "layers.page.about_",
                "layers.page.filter_",
                "layers.page.legend_",
                "layers.together.about_",
                "layers.together.legend_",
                "report.legend.",
                "template.rules.",
            )
        )
    ), key


def test_every_code_has_its_sentences_and_the_reverse() -> None:
    told = {k.split(".")[1] for k in sentences() if k.startswith("findings.") and k.count(".") == 2}
    assert told == set(CODES)


def test_every_code_is_found_somewhere() -> None:
    for code in CODES:
        assert re.search(rf'[" ]{code}"', SOURCES), code


@pytest.mark.parametrize("word", ["besparen", "vermijdbaar", "schuld", "slechtste", "passende hulp"])
def test_words_that_are_never_said(word: str) -> None:
    for key, by_language in sentences().items():
        if "footer" not in key:
            assert not re.search(rf"\b{word}\b", by_language["nl"]), key


def test_an_error_tells_its_cure() -> None:
    error = ToldError("no-data", value="x")
    assert "x bestaat niet" in error.told("nl")
    assert str(error) == text("errors.no-data", "en", value="x")
