from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import analyser, text

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=200)
WORDY = st.text(alphabet=st.sampled_from("aB.b1,2'’é-ßЖ ў中国の한าไท\u0301\u200d😀_"), max_size=40)


@pytest.mark.parametrize(
    ("typed", "exacts"),
    [
        ("Iraq's Iraq’s IRAQ Iraq`s", ["iraq"] * 4),
        ("Iraqi", ["iraqi"]),
        ("U.S. U.K e.g. Ph.D", ["us", "uk", "eg", "ph", "d"]),
        ("1,000 3.5 1,234,567.8 1,2", ["1000", "3.5", "1234567.8", "1,2"]),
        ("Shi'ite O’Brien rock'n'roll", ["shiite", "obrien", "rocknroll"]),
        ("café cafe\u0301 CAFÉ", ["cafe"] * 3),
        ("Straße Ørsted Łódź œuvre", ["strasse", "orsted", "lodz", "oeuvre"]),
        ("ёлка й", ["елка", "й"]),
        ("al-Maliki snake_case", ["al", "maliki", "snake", "case"]),
        ("中国人", ["中国", "国人", "人"]),
        ("이란은", ["이란", "란은", "은"]),
        ("می\u200cخواهم كِتَاب كتـاب", ["میخواهم", "كتاب", "كتاب"]),
        ("👩\u200d🚀 “rejects”", ["rejects"]),
        ("", []),
        ("!!! --- …", []),
    ],
)
def test_exact_forms(typed: str, exacts: list[str]) -> None:
    assert [token.exact for token in text.tokens(typed)] == exacts


@pytest.mark.parametrize(
    ("word", "stem"), [("militias", "militia"), ("running", "run"), ("войны", "войн"), ("2014", "2014")]
)
def test_stems_follow_the_script(word: str, stem: str) -> None:
    assert text.terms(word)[1] == [stem]


@given(ANY_TEXT)
def test_tokens_point_at_the_text_they_came_from(words: str) -> None:
    for token in text.tokens(words):
        surface = words[token.start : token.end]
        assert surface
        again = text.terms(surface)[0]
        assert token.exact in again


@given(st.one_of(ANY_TEXT, WORDY))
def test_terms_and_tokens_are_one_analysis(words: str) -> None:
    found = list(text.tokens(words))
    assert text.terms(words) == ([token.exact for token in found], [token.stem for token in found])


def test_the_quick_path_splits_as_the_full_one_does_at_every_character() -> None:
    for code in range(0x20, 0x2100):
        char = chr(code)
        if not text._BEYOND_PLAIN.match(char):
            sample = f"a{char}b 1{char}2 {char} a.{char}.b {char}x3{char}.5 s{char}"
            assert text._PLAIN_TOKEN.findall(sample) == text._TOKEN.findall(sample), hex(code)
            assert not char.isascii() or text._ASCII_TOKEN.findall(sample) == text._TOKEN.findall(sample), hex(code)


@given(st.text(alphabet="aB1.,'`_ -$\n", max_size=24))
@example("a.b.c1 U.S. x.U.S.A. 1.2.3, 1,000's o'neil's`x' A.B_C")
def test_the_quickest_path_splits_ascii_as_the_others_do(words: str) -> None:
    spans = [match.span() for match in text._TOKEN.finditer(words)]
    for rules in (text._ASCII_TOKEN, text._PLAIN_TOKEN):
        assert [match.span() for match in rules.finditer(words)] == spans


@given(ANY_TEXT)
def test_clean_leaves_nothing_that_steers_a_terminal(words: str) -> None:
    cleaned = text.clean(words)
    assert cleaned == text.clean(cleaned)
    for char in cleaned:
        assert char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
        assert not 0x202A <= ord(char) <= 0x202E
        assert not 0x2066 <= ord(char) <= 0x2069


def test_clean_keeps_joiners_and_line_breaks() -> None:
    assert text.clean("👩\u200d🚀 می\u200cخواهم\r\na\u2028b\tc") == "👩\u200d🚀 می\u200cخواهم\na\nb\tc"
    assert text.clean("a\x1b]52;c;x\x07\x9b2J\u202eb\ud800") == "a]52;c;x2Jb\ufffd"


def test_query_tokens_leave_out_the_tail_of_an_unspaced_run() -> None:
    assert [token.exact for token in text.query_tokens("中国人")] == ["中国", "国人"]
    assert [token.exact for token in text.query_tokens("国")] == ["国"]
    assert text.is_single(text.query_tokens("国")[0])
    assert not text.is_single(text.query_tokens("中国")[0])
    assert text.overlap(text.query_tokens("中国人"))
    assert not text.overlap(text.query_tokens("al-Maliki"))


def test_names_are_found_whole_and_by_their_words() -> None:
    assert text.keys(["Mehrdad  Balali", "José"]) == ["mehrdad balali", "mehrdad", "balali", "josé"]


def test_very_long_words_are_cut_not_lost() -> None:
    assert text.terms("x" * 100_000)[0] == ["x" * analyser.MAX_TERM]


@given(WORDY, st.sets(st.sampled_from(["oyster", "a", "harbour", "1", "文字", "ε"])))
def test_tokens_of_some_stems_are_those_among_all(words: str, stems: set[str]) -> None:
    told = f"{words} Oysters, harbours 1 {words}"
    wanted = stems | set(text.terms(words)[1][:2])
    assert text.stemming_to(wanted, told) == [token for token in text.tokens(told) if token.stem in wanted]


@given(st.from_regex(r"[A-Za-z0-9]+(?:['.,][A-Za-z0-9]+)*", fullmatch=True))
@example("dying")
@example("Skies")
@example("ugly")
@example("youth")
@example("U.S")
def test_a_plain_word_and_its_stem_begin_alike(word: str) -> None:
    for token in text.tokens(word):
        assert token.stem[:1] == word[token.start].lower()


@given(st.one_of(ANY_TEXT, WORDY))
@example("㐀.A")
def test_what_engines_take_is_the_terms_joined(words: str) -> None:
    exacts, stems = text.terms(words)
    content = [stem for exact, stem in zip(exacts, stems, strict=True) if exact not in analyser.STOP_WORDS]
    found = text.analysed(words)
    assert found.exacts == " ".join(exacts)
    assert found.stems == " ".join(stems)
    assert found.content.split() == " ".join(content).split()


def test_nothing_unsafe_is_printable() -> None:
    """``clean`` takes printable text for clean without a closer look."""
    assert not text._UNSAFE.search("".join(filter(str.isprintable, map(chr, range(0x110000)))))


@given(st.one_of(ANY_TEXT, WORDY, st.text(" \t\u00a0\u2003ab", max_size=6)))
def test_squashed_text_has_single_spaces_only(words: str) -> None:
    assert text.squash(words) == " ".join(text.clean(words).split())
