"""Names of persons and their mail, told from functions and from organisations that are called after people."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders.privacy.persons import Care, has_address, has_personal_mail, names_a_person, of_person
from routekaart.ontology.person_words import GIVEN, GIVEN_OR_WORD, SURNAME, person_words

EXAMPLES = Path(__file__).parents[3] / "examples"

PERSONS = [
    "Jan de Vries", "mw. A. Jansen", "dhr. Pietersen", "Fatima El Amrani (POH)", "Fatima", "Jan en Piet", "Piet (wijkteam)", "J. de Vries",
    "A.M. Jansen", "A. M. Jansen", "Mevrouw Van den Berg", "Dr. K. Bakker", "Xander van der Molen", "Özlem Yılmaz", "Mohamed Bouzidi",
    "Anne-Marie de Groot", "Contact: Henk Jansen", "Intern begeleider Marieke Visser", "info@school.nl, Kees Bos", "Sanne", "Jansen",
    "De Vries", "mevr Smit", "Dhr P. van Dijk", "Ingrid Kowalska", "drs. Willemsen", "Bas Jansen", "Noor de Vries", "Gerrit-Jan van den Brink",
    "Els (secretaresse)", "Mw. El Idrissi", "team jeugd / Marieke", "Wilma", "vragen naar Ahmed Yilmaz",
]  # fmt: skip
FUNCTIONS = [
    "aanmeldteam", "intern begeleider", "manager zorg", "Team Jeugd", "De Kleine Prins", "huisartsenpraktijk Jansen", "Aanmeldteam Jeugd",
    "POH-jeugd", "secretariaat CJG Ede", "C.J.G. Ede", "GGD Gelderland-Midden", "School De Linde", "Basisschool Anne Frank",
    "praktijkmanager", "coördinator SOJ", "Jeugdconsulent gemeente Ede", "wijkteam Ede-Zuid", "Kulturhus de Bron", "Stichting Malkander",
    "Maria Montessorischool", "Emma Kinderziekenhuis", "Pieter Baan Centrum", "Veilig Thuis", "dienstdoende huisarts", "Balie",
    "receptie", "Meldpunt Jeugd", "Team Toegang Barneveld", "Janusz Korczak School", "St. Antonius", "Loket Wmo en Jeugd",
    "aandachtsfunctionaris", "orthopedagoog", "Huis van de Wijk", "Toegang Jeugd Nijkerk", "zorgcoördinator", "Raadhuisplein",
    "Bel het algemene nummer", "De Glind", "Karakter Ede", "Jeugd- en gezinsteam", "Nijkerk", "Rhenen", "IB-er", "Directie De Wegwijzer",
    "Praktijk Dr. Kuipers", "schoolmaatschappelijk werker", "Vraagbaak Jeugd",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONS)
def test_a_person_in_a_contact_is_found(text: str) -> None:
    assert names_a_person(text, Care.CONTACT)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_function_or_an_organisation_is_no_person(text: str) -> None:
    assert not names_a_person(text, Care.CONTACT)


@pytest.mark.parametrize(
    "text",
    [
        "gesproken met Jan de Vries op 3 mei",
        "bron: J. Jansen (2019)",
        "volgens mw. Bakker klopt dit",
        "Gebeld met Fatima El Amrani",
        "contact via Marieke Visser",
    ],
)
def test_a_whole_name_in_a_remark_is_found(text: str) -> None:
    assert names_a_person(text, Care.REMARK)


@pytest.mark.parametrize(
    "text",
    ["Opgave van de partner zelf.", "Triple P en Marte Meo", "Dr. Leo Kannerhuis", "de Jan Luykenschool", "Anna's Hoeve", "Rots en Water",
     "Prof. Dr. Schaepmanstraat", "Martin Luther Kingschool", "Iris Welzijn", "Sint Jan de Deo", "Huisartsen Gelderse Vallei"],
)  # fmt: skip
def test_a_remark_about_something_called_after_people_stays(text: str) -> None:
    assert not names_a_person(text, Care.REMARK)


def test_a_name_of_an_organisation_stays_unless_it_says_that_it_is_a_person() -> None:
    for name in (
        "Huisartsenpraktijk Jansen",
        "J. Jansen",
        "Janusz Korczak",
        "Praktijk Fatima El Amrani",
        "De Vries & Zonen",
        "Maatje voor Jan en alleman",
    ):
        assert not names_a_person(name, Care.ORGANISATION), name
    for name in ("gastouder Fatima El Amrani", "vrijwilliger Jan de Vries", "mw. J. de Vries", "Dhr. Pietersen"):
        assert names_a_person(name, Care.ORGANISATION), name


@pytest.mark.parametrize(
    "text",
    [
        "j.devries@twee.example",
        "buurt123@gmail.example",
        "fatima@school.nl",
        "jan.van.dijk@x.nl",
        "pietersen.k@x.nl",
        "jjansen@x.nl",
        "k.el.amrani@x.nl",
    ],
)
def test_personal_mail(text: str) -> None:
    assert has_personal_mail(f"mail naar {text}.")


@pytest.mark.parametrize(
    "text",
    ["info@een.example", "aanmelden.jeugd@vier.example", "praktijk@huisartsenpraktijk-de-linde.example", "cjg@ede.nl", "delinde@delinde.nl", "ib@school.nl",
     "jeugdteamede@ede.nl", "de.linde@delinde.nl", "post@wijkteam-oost.nl", "speeltuin@gmail.example", "soj.ede@x.nl", "secretariaat.noord@x.nl"],
)  # fmt: skip
def test_functional_mail(text: str) -> None:
    assert not has_personal_mail(text)


def test_addresses() -> None:
    assert has_address("Kerkstraat 12, 6711 AB Ede")
    assert has_address("6711AB")
    assert not has_address("intern begeleider, 0318 123456")


def test_names_of_files() -> None:
    assert of_person("wachtlijst Jan de Vries")
    assert of_person("lijst_Marieke_Visser")
    for name in ("partners", "aanbod Ede 2026", "wachttijden_Q3", "gemeenten", "Aanbod School De Linde"):
        assert not of_person(name), name


@pytest.mark.parametrize("example", ["gelderse-vallei", "voorbeeldregio", "voorbeeldregio-2025"])
def test_no_cell_of_the_examples_names_a_person(example: str) -> None:
    for path in sorted((EXAMPLES / example).glob("*.csv")):
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
            for column, text in row.items():
                if text:
                    care = Care.CONTACT if column in ("contact", "aanspreekpunt", "eigenaar") else Care.REMARK
                    assert not names_a_person(text, care), (path.name, column, text)
                    assert not has_personal_mail(text), (path.name, column, text)


_GIVEN = sorted(person_words(GIVEN) - {"lisse"})
_SURNAMES = sorted(person_words(SURNAME))


@given(
    st.sampled_from(_GIVEN),
    st.sampled_from(("", "de ", "van ", "van der ", "van den ", "el ", "ter ")),
    st.sampled_from(_SURNAMES),
    st.sampled_from(("{}", "{} (POH)", "mw. {}", "tel. 0318 123456, {}", "intern begeleider {}")),
)
def test_a_common_name_in_a_contact_is_always_found(given_name: str, prefix: str, surname: str, way: str) -> None:
    assert names_a_person(way.format(f"{given_name.capitalize()} {prefix}{surname.capitalize()}"), Care.CONTACT)


@given(st.text(max_size=120))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    for care in Care:
        assert isinstance(names_a_person(text, care), bool)


def test_the_lists_are_apart() -> None:
    assert not person_words(GIVEN) & person_words(GIVEN_OR_WORD)
    assert len(person_words(GIVEN)) > 2_000
