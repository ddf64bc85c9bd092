"""The query language by example: what is typed, and the parts of the ``Query`` that come of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from index.keyword.clause import Facet
from search.parse import parse
from search.query import Boost, Dates, Filter, Fuzzy, Group, InKind, Meaning, Phrase, Wildcard, Word

if TYPE_CHECKING:
    from search.query import Node, Query

NOW = datetime(2014, 7, 2, 15, 30, tzinfo=UTC)  # a Wednesday
Case = tuple[str, tuple["Node", ...], tuple["Node", ...], tuple["Node", ...]]


def case(
    text: str, *scoring: Node | str, must: tuple[Node | str, ...] = (), must_not: tuple[Node | str, ...] = ()
) -> Case:
    return text, words(*scoring), words(*must), words(*must_not)


def words(*nodes: Node | str) -> tuple[Node, ...]:
    return tuple(Word(node) if isinstance(node, str) else node for node in nodes)


def either(*nodes: Node | str) -> Group:
    return Group(should=words(*nodes))


def both(*nodes: Node | str) -> Group:
    return Group(must=words(*nodes))


def none(*nodes: Node | str) -> Group:
    return Group(must_not=words(*nodes))


def kind(*values: str) -> Filter:
    return Filter(Facet.KIND, values)


def by(*values: str) -> Filter:
    return Filter(Facet.AUTHOR, values)


def head(node: Node | str) -> InKind:
    return InKind("headline", words(node)[0])


def day(year: int, month: int = 1, date: int = 1) -> datetime:
    return datetime(year, month, date, tzinfo=UTC)


def parsed(text: str) -> Query:
    return parse(text, now=NOW)


PLAIN = [
    case(""),
    case("   "),
    case("iran", "iran"),
    case("iran proxy war", "iran", "proxy", "war"),
    case("war war", "war", "war"),
    case("the of and", "the", "of", "and"),
    case("iran and syria or not", "iran", "and", "syria", "or", "not"),
    case("iran\u00a0war\u3000syria\tassad\nx", "iran", "war", "syria", "assad", "x"),
    case("iran, syria; war", "iran", "syria", "war"),
    case("iran,syria—war…end", "iran", "syria", "war", "end"),
    case("1,000 dead 3.5", "1,000", "dead", "3.5"),
    case("Iraq's Iraq’s", "Iraq's", "Iraq’s"),
    case("al-Maliki well-known", "al-Maliki", "well-known"),
    case("U.S. policy.", "U.S.", "policy"),
    case("AT&T C++ #tag @user", "AT&T", "C++", "#tag", "@user"),
    case("write to a.b@c.org now", "write", "to", "a.b@c.org", "now"),
    case("http://x.y/z?q=1&b=* https://a.b", "http://x.y/z?q=1&b=*", "https://a.b"),
    case("12:30 kick-off", "12:30", "kick-off"),
    case("std::vector", "std::vector"),
    case("iran/iraq and/or", "iran/iraq", "and/or"),
    case("Did Iran fund the war?", "Did", "Iran", "fund", "the", "war"),
    case("what?! why?? ok!", "what", "why", "ok"),
    case("& war -- 😀 :-", "war"),
    case("a - b + c", "a", "b", "c"),
    case("--verbose", "--verbose"),
    case("x=y a~b", "x=y", "a~b"),
    case("foo+bar foo-bar-", "foo+bar", "foo-bar-"),
    case("war\x00 \x1bsyria", "war", "syria"),
]
SIGNS = [
    case("+syria", must=("syria",)),
    case("-assad", must_not=("assad",)),
    case("+syria -assad war", "war", must=("syria",), must_not=("assad",)),
    case("war, -assad", "war", must_not=("assad",)),
    case("+al-Maliki -al-Assad", must=("al-Maliki",), must_not=("al-Assad",)),
    case("+(a b)", must=(either("a", "b"),)),
    case("-(a b)", must_not=(either("a", "b"),)),
    case("-(a AND b)", must_not=(both("a", "b"),)),
    case("(+a -b) c", "c", must=(Group(words("a"), (), words("b")),)),
    case("-+-+-", must=(), must_not=()),
    case('+"proxy war" -"cold war"', must=(Phrase("proxy war"),), must_not=(Phrase("cold war"),)),
    case("+milit* -te?t", must=(Wildcard("milit*"),), must_not=(Wildcard("te?t"),)),
    case("+=Iraq -=Iran", must=(Word("Iraq", exact=True),), must_not=(Word("Iran", exact=True),)),
    case("+khamenei~", must=(Fuzzy("khamenei", 2),)),
    case("-(-a)", must_not=(none("a"),)),
    case("+the", must=("the",)),
]
PHRASES = [
    case('"proxy war"', must=(Phrase("proxy war"),)),
    case('iran "proxy war" syria', "iran", "syria", must=(Phrase("proxy war"),)),
    case('"iran war"~5', must=(Phrase("iran war", 5),)),
    case('"iran war"~1 "a b"~0', must=(Phrase("iran war", 1), Phrase("a b"))),
    case('"iran war"~99999', must=(Phrase("iran war", 100),)),
    case('"iran"', must=("iran",)),
    case('"Iraq\'s"', must=("Iraq's",)),
    case('"al-Maliki"', must=(Phrase("al-Maliki"),)),
    case('"" a', "a"),
    case('"&" a', "a"),
    case('"  proxy \n war "', must=(Phrase("proxy war"),)),
    case('"mil* w?r"', must=(Phrase("mil* w?r"),)),
    case('"a AND (b" c', "c", must=(Phrase("a AND (b"),)),
    case("“proxy war” „a b“ ”c d”", must=(Phrase("proxy war"), Phrase("a b"), Phrase("c d"))),
    case("«война и мир»", must=(Phrase("война и мир"),)),
    case('"he said “no” twice"', must=(Phrase("he said “no” twice"),)),
    case('say"proxy war"now', "say", "now", must=(Phrase("proxy war"),)),
    case('"a b" OR c', must=(either(Phrase("a b"), "c"),)),
    case('("a b" c) d', "d", must=(Group(must=(Phrase("a b"),), should=words("c")),)),
]
BOOLEAN = [
    case("a AND b", must=("a", "b")),
    case("a AND b AND c", must=("a", "b", "c")),
    case("a OR b", must=(either("a", "b"),)),
    case("a OR b OR c", must=(either("a", "b", "c"),)),
    case("NOT a", must_not=("a",)),
    case("a AND NOT b", must=("a",), must_not=("b",)),
    case("a NOT b", "a", must_not=("b",)),
    case("a OR NOT b", must=(either("a", none("b")),)),
    case("a OR b AND c", must=(either("a", both("b", "c")),)),
    case("a AND b OR c AND d", must=(either(both("a", "b"), both("c", "d")),)),
    case("(a OR b) AND c", must=(either("a", "b"), "c")),
    case("(a OR b) OR c", must=(either(either("a", "b"), "c"),)),
    case("(a OR b)^2 OR c", must=(either(Boost(either("a", "b"), 2.0), "c"),)),
    case("iran (syria OR assad) war", "iran", "war", must=(either("syria", "assad"),)),
    case("a b AND c", "a", must=("b", "c")),
    case("(a b)", "a", "b"),
    case(" ((a b)) ", "a", "b"),
    case("x (a b)", "x", either("a", "b")),
    case("x (a)", "x", "a"),
    case("x(a)y", "x", "a", "y"),
    case("(a b) AND c", must=(either("a", "b"), "c")),
    case("NOT (a OR b)", must_not=(either("a", "b"),)),
    case("(a)AND(b)", must=("a", "b")),
    case("+a OR -b", must=(either("a", none("b")),)),
    case("a AND &", must=("a",)),
    case("() a ( )", "a"),
    case("in:comment OR by:x", must=(either(kind("comment"), by("x")),)),
    case("(iran by:x) war", "war", must=(Group(must=(by("x"),), should=words("iran")),)),
    case("ANDROID NOTE ORB", "ANDROID", "NOTE", "ORB"),
]
PATTERNS = [
    case("milit*", Wildcard("milit*")),
    case("te?t", Wildcard("te?t")),
    case("*ation ?est", Wildcard("*ation"), Wildcard("?est")),
    case("mi**t*", Wildcard("mi*t*")),
    case("**bold**", Wildcard("*bold*")),
    case("milit*, war", Wildcard("milit*"), "war"),
    case("al-mal*", both("al", Wildcard("mal*"))),
    case("#mil*", Wildcard("mil*")),
    case("wo?an* x", Wildcard("wo?an*"), "x"),
    case("мир*", Wildcard("мир*")),
    case("iran~", Fuzzy("iran", 1)),
    case("khamenei~", Fuzzy("khamenei", 2)),
    case("irans~ tehran~", Fuzzy("irans", 1), Fuzzy("tehran", 2)),
    case("word~1 word~2 word~7", Fuzzy("word", 1), Fuzzy("word", 2), Fuzzy("word", 2)),
    case("word~0 khamenei~0.8", "word", Fuzzy("khamenei", 2)),
    case("al-maliki~", both(Fuzzy("al", 1), Fuzzy("maliki", 2))),
    case("khamenei~, war", Fuzzy("khamenei", 2), "war"),
    case("a~", "a"),
    case("中国人~", "中国人"),
    case("=Iraq", Word("Iraq", exact=True)),
    case("=Iraq's ==x", Word("Iraq's", exact=True), Word("x", exact=True)),
    case("= =& a", "a"),
    case('~"foreign meddling"', Meaning("foreign meddling")),
    case("~word war", Meaning("word"), "war"),
    case("~“foreign meddling” ~&", Meaning("foreign meddling")),
    case("+~word", Meaning("word")),
    case('a AND ~"b c"', Meaning("b c"), must=("a",)),
    case('a OR ~"b c"', either("a", Meaning("b c"))),
    case('headline:~"b c"', Meaning("b c"), must=(kind("headline"),)),
]
BOOSTS = [
    case("war^2", Boost(Word("war"), 2.0)),
    case("war^0.5 x^.5", Boost(Word("war"), 0.5), Boost(Word("x"), 0.5)),
    case("war^0 x^1", Boost(Word("war"), 0.0), "x"),
    case("war^1000", Boost(Word("war"), 100.0)),
    case(f"war^{'9' * 400}", Boost(Word("war"), 100.0)),
    case('"proxy war"^3', must=(Boost(Phrase("proxy war"), 3.0),)),
    case('"proxy war"~2^3', must=(Boost(Phrase("proxy war", 2), 3.0),)),
    case("x (a b)^0.5", "x", Boost(either("a", "b"), 0.5)),
    case("(a b)^2", Boost(either("a", "b"), 2.0)),
    case("milit*^2 khamenei~1^3", Boost(Wildcard("milit*"), 2.0), Boost(Fuzzy("khamenei", 1), 3.0)),
    case("=Iraq^2", Boost(Word("Iraq", exact=True), 2.0)),
    case('~"a b"^2', Boost(Meaning("a b"), 2.0)),
    case("+war^2", must=(Boost(Word("war"), 2.0),)),
    case("headline:war^2", must=(head(Boost(Word("war"), 2.0)),)),
    case("war^2, x", Boost(Word("war"), 2.0), "x"),
    case("war^ war^x war^-1", "war^", "war^x", "war^-1"),
    case("a ^2 b", "a", "^2", "b"),
    case('by:"x"^2', must=(by("x"),)),
]
FIELDS = [
    case("headline:iran", must=(head("iran"),)),
    case("HEADLINE:iran war", "war", must=(head("iran"),)),
    case("caption:a paragraph:b comment:c", must=tuple(
        InKind(name, Word(text)) for name, text in (("caption", "a"), ("paragraph", "b"), ("comment", "c"))
    )),
    case('headline:"proxy war"~2', must=(head(Phrase("proxy war", 2)),)),
    case("headline:milit* headline:=Iraq", must=(head(Wildcard("milit*")), head(Word("Iraq", exact=True)))),
    case("headline:(a OR b)", must=(head(either("a", "b")),)),
    case("headline:(a b)", must=(head(either("a", "b")),)),
    case("headline:(+a -b)", must=(head(Group(words("a"), (), words("b"))),)),
    case("-headline:iran +caption:x", must=(InKind("caption", Word("x")),), must_not=(head("iran"),)),
    case("headline:-x", must=(head(none("x")),)),
    case("headline:a OR headline:b", must=(either(head("a"), head("b")),)),
    case("headline:& a", "a"),
    case("in:comment iran", "iran", must=(kind("comment"),)),
    case("in:Comments", must=(kind("comment"),)),
    case("in:comment,headline", must=(kind("comment", "headline"),)),
    case("in:article", must=(kind("headline", "caption", "paragraph"),)),
    case("in:articles,headlines", must=(kind("headline", "caption", "paragraph"),)),
    case("-in:comment", must_not=(kind("comment"),)),
    case("by:WestFlorida", must=(by("WestFlorida"),)),
    case("by:a,b", must=(by("a", "b"),)),
    case("author:a", must=(by("a"),)),
    case('by:"Mehrdad Balali","X Y",z', must=(by("Mehrdad Balali", "X Y", "z"),)),
    case("by:“Mehrdad  Balali”", must=(by("Mehrdad Balali"),)),
    case("by:a,,b, c", "c", must=(by("a", "b"),)),
    case("by:a,a", must=(by("a"),)),
    case("-by:x +by:y", must=(by("y"),), must_not=(by("x"),)),
    case("NOT by:x", must_not=(by("x"),)),
    case("by:O’Brien-Smith", must=(by("O’Brien-Smith"),)),
    case("by:محمد", must=(by("محمد"),)),
    case("source:bbc section:World", must=(Filter(Facet.SOURCE, ("bbc",)), Filter(Facet.SECTION, ("World",)))),
    case("place:Tehran topic:oil", must=(Filter(Facet.PLACE, ("Tehran",)), Filter(Facet.TOPIC, ("oil",)))),
    case("article:https://x.y/z?a=b", must=(Filter(Facet.ARTICLE, ("https://x.y/z?a=b",)),)),
    case("(by:x)", must=(by("x"),)),
    case("iran by:a in:comment -topic:oil after:2014", "iran",
         must=(by("a"), kind("comment"), Dates(after=day(2014))), must_not=(Filter(Facet.TOPIC, ("oil",)),)),
]  # fmt: skip
TIMES = [
    case("after:2014-06-29", must=(Dates(after=day(2014, 6, 29)),)),
    case("before:2014-06-29", must=(Dates(before=day(2014, 6, 29)),)),
    case("on:2014-06-29", must=(Dates(day(2014, 6, 29), day(2014, 6, 30)),)),
    case("on:2014-06", must=(Dates(day(2014, 6), day(2014, 7)),)),
    case("on:2014", must=(Dates(day(2014), day(2015)),)),
    case("on:2012,2014", must=(either(Dates(day(2012), day(2013)), Dates(day(2014), day(2015))),)),
    case('after:"last week"', must=(Dates(after=day(2014, 6, 23)),)),
    case("on:yesterday war", "war", must=(Dates(day(2014, 7, 1), day(2014, 7, 2)),)),
    case('before:"june 2014"', must=(Dates(before=day(2014, 6)),)),
    case('after:"3 days ago"', must=(Dates(after=day(2014, 6, 29)),)),
    case('after:"June 29, 2014"', must=(Dates(after=day(2014, 6, 29)),)),
    case("after:june,2014", must=(Dates(after=day(2014, 6)),)),
    case("after:2014-06 before:2014-07", must=(Dates(after=day(2014, 6)), Dates(before=day(2014, 7)))),
    case("-on:2014", must_not=(Dates(day(2014), day(2015)),)),
    case("on:2013 OR on:2014", must=(either(Dates(day(2013), day(2014)), Dates(day(2014), day(2015))),)),
    case("on:9999", must=(Dates(day(9999), None),)),
]
FOREIGN = [
    case("آرمان ایران", "آرمان", "ایران"),
    case("حرب؟ سلام", "حرب", "سلام"),
    case("中国人 战争", "中国人", "战争"),
    case("中国，战争。", "中国", "战争"),
    case("+война -мир", must=("война",), must_not=("мир",)),
    case("שלום~ ירושלים", Fuzzy("שלום", 1), "ירושלים"),
    case("สงคราม", "สงคราม"),
    case("¿guerra? señal¡", "guerra", "señal"),
    case('"中国人"', must=(Phrase("中国人"),)),
    case("می‌خواهم", "می‌خواهم"),
]
EVERY = [*PLAIN, *SIGNS, *PHRASES, *BOOLEAN, *PATTERNS, *BOOSTS, *FIELDS, *TIMES, *FOREIGN]


@pytest.mark.parametrize(("text", "scoring", "must", "must_not"), EVERY, ids=[row[0][:40] for row in EVERY])
def test_what_is_typed_becomes(
    text: str, scoring: tuple[Node, ...], must: tuple[Node, ...], must_not: tuple[Node, ...]
) -> None:
    query = parsed(text)

    assert (query.scoring, query.must, query.must_not) == (scoring, must, must_not)


BROKEN = [
    ("a AND", words("a"), "'AND' joins nothing here; ignored"),
    ("OR a", words("a"), "'OR' joins nothing here; ignored"),
    ("a NOT", words("a"), "'NOT' joins nothing here; ignored"),
    ("*", (), "'*' matches every word; ignored"),
    ("war *", words("war"), "'*' matches every word; ignored"),
    ('"proxy war', words("proxy", "war"), "a quotation mark without its partner; searched as words"),
    ("proxy war”", words("proxy", "war"), "a quotation mark without its partner; searched as words"),
    ("(a b", words("a", "b"), "a bracket without its partner; ignored"),
    ("a) b", words("a", "b"), "a bracket without its partner; ignored"),
    ("foo:bar", words("foo", "bar"), "no field 'foo'; searched as words"),
    ("a:b:c", words("a", "b", "c"), "no field 'a'; searched as words"),
    ("标题:战争", words("标题", "战争"), "no field '标题'; searched as words"),
    ("in:foo war", words("foo", "war"), "no kind 'foo'; searched as words"),
    ("on:foo war", words("foo", "war"), "no date in 'foo'; searched as words"),
    ('after:"no such day"', words("no", "such", "day"), "no date in 'no such day'; searched as words"),
    ("on:2014-02-30", words("2014-02-30"), "no date in '2014-02-30'; searched as words"),
    ("before:03/04/2014", words("03/04/2014"), "no date in '03/04/2014'; searched as words"),
    ("headline: iran", words("headline", "iran"), "'headline:' needs its value right behind the colon"),
    ("by: x", words("by", "x"), "'by:' needs its value right behind the colon"),
    ("by:(a b)", words("a", "b"), "'by:' needs a name"),
    ("&", (), "nothing to search for in '&'"),
    ("😀", (), "nothing to search for in '😀'"),
    ("((((", (), "nothing to search for in '(((('"),
    ('""', (), "nothing to search for in '\"\"'"),
    ("-~x a", words("a"), "cannot be excluded"),
]


@pytest.mark.parametrize(("text", "scoring", "warning"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_not_understood_is_said(text: str, scoring: tuple[Node, ...], warning: str) -> None:
    query = parsed(text)

    assert query.scoring == scoring
    assert not query.must
    assert not query.must_not
    assert any(said.startswith(warning) or warning in said for said in query.warnings)


@pytest.mark.parametrize(
    ("text", "must"),
    [
        ("a AND AND b", words("a", "b")),
        ("a AND OR b", words("a", "b")),
        ("a OR OR b", (either("a", "b"),)),
        ("(a OR b", (either("a", "b"),)),
        ("a AND b)", words("a", "b")),
        ("in:comment,foo", (kind("comment"),)),
        ("+foo:bar", (either("foo", "bar"),)),
    ],
)
def test_broken_constraints_keep_what_is_sound(text: str, must: tuple[Node, ...]) -> None:
    query = parsed(text)

    assert query.must == must
    assert query.warnings


def test_doubled_not_is_one() -> None:
    assert parsed("NOT NOT a").must_not == words("a")
    assert parsed("NOT AND a").must_not == words("a")


def test_operators_alone_are_words() -> None:
    assert parsed("OR").scoring == words("OR")
    assert parsed("NOT AND").scoring == words("NOT", "AND")


def test_unknown_field_under_a_sign_excludes_both_words() -> None:
    assert parsed("-foo:bar").must_not == (either("foo", "bar"),)


@pytest.mark.parametrize("row", [*PLAIN, *PATTERNS, *BOOSTS, *FOREIGN], ids=lambda row: row[0][:40])
def test_what_is_understood_needs_no_warning(row: Case) -> None:
    query = parsed(row[0])

    assert not query.warnings or query.is_empty


MEANINGS = [
    ("iran proxy war", "iran proxy war"),
    ('a "proxy war" b', "a proxy war b"),
    ('x ~"foreign meddling" y', "x foreign meddling y"),
    ("+syria -assad war", "syria war"),
    ("a NOT b AND NOT (c d)", "a"),
    ("b OR (c AND NOT d)", "b c"),
    ("milit* te?t a* *", "milit tet"),
    ("khamenei~ =Iraq", "khamenei Iraq"),
    ("headline:iran caption:(a OR b) -comment:c", "iran a b"),
    ("in:comment by:x,y on:2014 iran", "iran"),
    ("war^2 (a b)^3", "war a b"),
    ("al-mal* U.S.", "al mal U.S."),
    ("foo:bar on:foo", "foo bar foo"),
    ("by:x", ""),
    ("-a", ""),
    ("& 😀 war", "war"),
    ("-(-a b) c", "c"),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_meaning_is_what_is_asked_for_in_order(text: str, meaning: str) -> None:
    assert parsed(text).meaning == meaning


def test_text_is_kept_as_typed_but_clean() -> None:
    assert parsed('  Iran  "War"\x1b[2J').text == '  Iran  "War"[2J'


def test_days_begin_at_midnight_of_the_zone() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    late = datetime(2014, 7, 2, 21, 0, tzinfo=UTC)  # past midnight in Tehran

    query = parse("on:today", now=late, timezone=tehran)

    assert query.must == (Dates(datetime(2014, 7, 3, tzinfo=tehran), datetime(2014, 7, 4, tzinfo=tehran)),)


def test_now_without_a_zone_is_in_the_zone_given() -> None:
    west = timezone(timedelta(hours=-8))

    query = parse("after:today", now=datetime(2014, 7, 2, 1, 0), timezone=west)

    assert query.must == (Dates(after=datetime(2014, 7, 2, tzinfo=west)),)


def test_now_is_now_unless_said() -> None:
    (dates,) = parse("after:yesterday").must

    assert isinstance(dates, Dates)
    assert dates.after is not None
    assert timedelta(days=1) <= datetime.now(UTC) - dates.after <= timedelta(days=2, minutes=1)
