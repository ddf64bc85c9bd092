"""Did you mean: what is typed, and what is asked instead."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.keyword.clause import Field
from index.text import terms
from search.parse import parse
from search.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex

    Make = Callable[..., LocalIndex]

WORDS = ("harbour", "dredger", "oyster", "teachers", "committee", "foreign", "parliament", "war", "and", "syria")
ARTICLE = {
    "id": "a",
    "title": "Committee",
    "paragraphs": [
        " ".join(WORDS),
        *["Harbour committee, oyster war in Syria."] * 4,
        "The word sorbet and a carbour.",
        "Сирия и война. 中国人 Straße",
    ],
    "comments": [{"id": "1", "author": "Harbuor", "text": "Hello hell help."}],
}


@pytest.fixture(scope="module")
def index(index_of: Make) -> LocalIndex:
    return index_of(ARTICLE, has_vectors=False)


def meant(index: LocalIndex, text: str) -> str | None:
    return did_you_mean(index, parse(text), text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("harbuor", "harbour"),
        ("harbor", "harbour"),
        ("arbour", "harbour"),
        ("aharbour", "harbour"),
        ("hrabour", "harbour"),
        ("narbour", "harbour"),
        ("comittee", "committee"),
        ("commitee", "committee"),
        ("comitee", "committee"),
        ("parlaiment forein", "parliament foreign"),
        ("wra", "war"),
        ("Harbuor", "Harbour"),
        ("HARBUOR War", "HARBOUR War"),
        ("harbuors", "harbour"),
        ("сирея", "сирия"),
        ("  harbuor ,  OYSTER!", "  harbour ,  OYSTER!"),
        ('"oyster harbuor"~3 +comittee^2', '"oyster harbour"~3 +committee^2'),
        ("“harbuor war” war", "“harbour war” war"),
        ("headline:comittee", "headline:committee"),
        ("=harbuor", "=harbour"),
        ("(comittee OR oyster) AND war", "(committee OR oyster) AND war"),
        ("harbuor -harbuor", "harbour -harbuor"),
        ("harbuor -(war harbuor) harbuor", "harbour -(war harbuor) harbour"),
        ("harbuor NOT harbuor", "harbour NOT harbuor"),
        ("harbuor -headline:harbuor", "harbour -headline:harbuor"),
        ('harbuor -"harbuor war"', 'harbour -"harbuor war"'),
        ("harbuor by:harbuor,harbuor", "harbour by:harbuor,harbuor"),
        ('harbuor by:"harbuor x"', 'harbour by:"harbuor x"'),
        ("harbuor harbuor*", "harbour harbuor*"),
        ("harbuor harbuor~", "harbour harbuor~"),
        ('harbuor ~"harbuor" ~harbuor', 'harbour ~"harbuor" ~harbuor'),
        ("al-harbuor's", "al-harbour"),
        ("harbuor zzzzzz", "harbour zzzzzz"),
        ("harbour", None),
        ("harbours", None),
        ("harbouring war", None),
        ("zzzzzz", None),
        ("wxx", None),
        ("-harbuor war", None),
        ("by:harbuor", None),
        ("harbuor*", None),
        ("harbuor~", None),
        ('~"harbuor"', None),
        ("after:harbuor war", None),
        ("2014 h4rbour ha", None),
        ("中国大", None),
        ("", None),
    ],
)
def test_what_is_meant(index: LocalIndex, typed: str, expected: str | None) -> None:
    assert meant(index, typed) == expected


def test_a_capital_word_never_becomes_an_operator(index: LocalIndex) -> None:
    assert meant(index, "ANDD") == "and"


def test_the_commoner_of_two_equally_near_words(index_of: Make) -> None:
    texts = ["hello there"] * 3 + ["hells bells"]
    index = index_of({"id": "a", "title": "T", "paragraphs": texts}, has_vectors=False)
    assert meant(index, "helli") == "hello"
    assert meant(index, "hellx") == "hello"


def test_the_first_letter_is_seldom_wrong(index_of: Make) -> None:
    index = index_of({"id": "a", "title": "T", "paragraphs": ["bark", "bark", "parks"]}, has_vectors=False)
    assert meant(index, "parkk") == "parks"


def test_a_common_word_two_edits_away_beats_a_misprint_one_away(index_of: Make) -> None:
    texts = [f"committee {i}" for i in range(400)] + ["comitee"]
    index = index_of({"id": "a", "title": "T", "paragraphs": texts}, has_vectors=False)
    assert meant(index, "comitte") == "committee"
    assert meant(index, "comiteez") == "comitee"


def test_a_rare_word_beside_a_very_common_one_is_a_misspelling(index_of: Make) -> None:
    texts = [f"committee {i}" for i in range(300)] + ["comittee sat", "sat", "sit"]
    index = index_of({"id": "a", "title": "T", "paragraphs": texts}, has_vectors=False)
    assert meant(index, "comittee") == "committee"
    assert meant(index, "sit") is None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([word for word in WORDS if len(word) > 5]), st.data())
def test_any_one_mistake_is_seen(index: LocalIndex, word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    wrong = data.draw(
        st.sampled_from([
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ])
    )  # fmt: skip
    assume(wrong != "charbour")  # is one letter from "carbour" as well, and begins like it
    (token,) = terms(wrong)[1]
    is_known = index.frequency(Field.STEM, token) > 0
    assert meant(index, wrong) == (None if is_known else word)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text('harbuor "~-+(:*^NOT', max_size=40)))
def test_whatever_is_typed_the_rest_of_it_stays(index: LocalIndex, text: str) -> None:
    found = meant(index, text)
    if found is not None:
        assert found != text
        assert _beside_letters(found) == _beside_letters(text)


def _beside_letters(text: str) -> list[str]:
    """Return what is no letter, apostrophes within words aside: a respelt word has no possessive."""
    return [char for char in text if not (char.isalpha() or char in "'’‘ʼ＇`´")]
