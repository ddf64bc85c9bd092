from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import text
from search.parse import parse
from search.snippet import Highlighter, near, snippets

WORDS = ["war", "wars", "Iraq’s", "proxy", "中国人民", "naïve", "cafe\u0301", "“rejects”"]
WORDS += ["👩\u200d🚀", "из", "العراق", "한국은", "the"]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


def lit(query: str, words: str) -> list[str]:
    return [words[span.start : span.end] for span in Highlighter.of(parse(query)).spans(words)]


@pytest.mark.parametrize(
    ("query", "words", "expected"),
    [
        ("double talk", "Pure double talk again", ["double", "talk"]),
        ("Iraq", "Iraq’s army, IRAQ's, Iraqi", ["Iraq’s", "IRAQ's"]),
        ("=militia", "militia and militias", ["militia"]),
        ("militia", "militia and militias", ["militia", "militias"]),
        ('"proxy war"', "a proxy, a war, a proxy war", ["proxy", "war"]),
        ('"proxy war"', "war proxy", []),
        ('"iran war"~2', "Iran in a war; war on Iran", ["Iran", "war"]),
        ("milit*", "militias or military", ["militias", "military"]),
        ("te?t", "test text tet", ["test", "text"]),
        ("khamenei~", "Khamanei and Khamenei", ["Khamanei", "Khamenei"]),
        ("rejects", "He 👩\u200d🚀 “rejects” it", ["rejects"]),
        ("中国", "在中国人民", ["中国"]),
        ("中国人", "在中国人民", ["中国人"]),
        ("国", "在中国人民", ["国人"]),
        ("cafe", "a cafe\u0301 here", ["cafe\u0301"]),
        ("the war", "the war", ["war"]),
        ("the", "the war", ["the"]),
        ("war -peace", "war and peace", ["war"]),
        ("in:comment by:x war", "x comment war", ["war"]),
        ('~"some meaning"', "some meaning", []),
        ("al-Maliki", "al-Maliki, Maliki al", ["al", "Maliki", "Maliki", "al"]),
        ("+al-Maliki", "al-Maliki, Maliki al", ["al", "Maliki"]),
    ],
)
def test_what_is_lit(query: str, words: str, expected: list[str]) -> None:
    assert lit(query, words) == expected


@given(SENTENCES, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join))
def test_every_span_is_a_word_of_the_query(words: str, query: str) -> None:
    highlighter = Highlighter.of(parse(query))
    wanted = {token.stem for token in text.tokens(query)}
    spans = highlighter.spans(words)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    for span in spans:
        assert 0 <= span.start < span.end <= len(words)
        assert wanted & {token.stem for token in text.tokens(words[span.start : span.end])}


@given(SENTENCES, st.sampled_from(WORDS), st.integers(20, 300))
def test_a_snippet_is_a_piece_of_the_text(words: str, query: str, width: int) -> None:
    made, *rest = snippets(words, Highlighter.of(parse(query)), width)
    places = sorted((piece.start, piece.start + len(piece.text)) for piece in (made, *rest))
    assert all(left[1] <= right[0] for left, right in pairwise(places))
    assert all(words[piece.start :].startswith(piece.text) and piece.spans for piece in rest)
    assert words[made.start : made.start + len(made.text)] == made.text
    assert len(made.text) <= max(width, 1)
    assert all(0 <= span.start < span.end <= len(made.text) for span in made.spans)


def test_the_window_holds_most_distinct_words_and_is_cut_between_words() -> None:
    filler = "nothing to see here at all " * 20
    words = f"war {filler}the proxy war began {filler}"
    made, *rest = snippets(words, Highlighter.of(parse("proxy war")), 120)
    assert not rest
    assert [made.text[span.start : span.end] for span in made.spans] == ["proxy", "war"]
    assert words[made.start - 1] == " "
    assert words[made.start + len(made.text)] == " "


def test_words_far_apart_get_fragments_of_their_own() -> None:
    filler = "nothing to see here at all " * 20
    words = f"{filler}harbour {filler} oyster {filler} silt {filler} tide {filler}"
    made, *rest = snippets(words, Highlighter.of(parse("tide silt oyster harbour")), 120)
    shown = [piece.text[span.start : span.end] for piece in (made, *rest) for span in piece.spans]
    assert shown == ["harbour", "oyster", "silt"]


@pytest.mark.parametrize(
    ("word", "wanted", "edits", "expected"),
    [
        ("khamanei", "khamenei", 1, True),
        ("form", "from", 1, True),
        ("abc", "abc", 0, True),
        ("abcd", "ab", 1, False),
        ("kitten", "sitting", 2, False),
        ("", "a", 1, True),
    ],
)
def test_near(word: str, wanted: str, edits: int, expected: bool) -> None:
    assert near(word, wanted, edits) is expected
