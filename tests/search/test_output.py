from __future__ import annotations

import csv
import html
import io
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index import text
from search import output
from search.citation import cite
from search.results import Snippet, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.results import Hit

    Make = Callable[..., Hit]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a & b &lt;b&gt; &#60;script&#62;",
    "**bold** _it_ `code` ~~gone~~ $x$ ^y^",
    "[click](javascript:alert(1)) ![p](http://x/y.png)",
    "[ref]: http://evil.example\n[ref]",
    "# head\n## head\n===\n---\n***\n> quote\n- item\n+ item\n1. one\n2) two",
    "    indented code\n\tand more",
    "```\nfence\n```\n~~~\nfence\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<http://evil.example> http://evil.example www.evil.example",
    "line\u2028separator\u2029paragraph",
    "\x1b[31mred\x1b]0;title\x07 \x9b31m \x00",
    "\u202eright to left\u202c \u2066isolate\u2069",
    "lone \ud800 surrogate \udfff",
    "quotes \" and ' and , and ; and \t tab",
    "two\n\nparagraphs\r\nand a line",
    "\\*escaped\\* \\<b>",
    "",
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1+1", '=cmd|" /C calc"!A0', "\u200b=1"]


def parsed(rows: list[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("\n".join(rows) + "\n", newline="")))


def rendered(written: str) -> str:
    return MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(written)


def quoted(written: str) -> str:
    """Return the text of the block quote as a reader of the rendered page sees it."""
    body = rendered(written).split("<blockquote>", 1)[1].split("</blockquote>", 1)[0]
    return html.unescape(re.sub(r"<[^>]+>", "", body))


def words_of(shown: str) -> list[str]:
    return text.clean(shown).split()


@pytest.mark.parametrize("odd", HOSTILE)
def test_json_lines_hold_the_text_itself(hit_of: Make, odd: str) -> None:
    (line,) = output.jsonl([hit_of(odd, title=odd)])
    assert line.isascii()
    assert line.isprintable()
    table = json.loads(line)
    expected = re.sub("[\ud800-\udfff]", "\ufffd", odd)
    assert (table["text"], table["title"], table["snippet"]["text"]) == (expected, expected, expected)
    assert table["citation"]["id"] == table["id"] == "a1#c2"


def test_json_escapes_astral_characters_as_pairs_and_never_joins_lone_halves() -> None:
    assert output.json_text("😀") == '"\\ud83d\\ude00"'
    assert json.loads(output.json_text("😀\x7f\u2028é")) == "😀\x7f\u2028é"
    assert json.loads(output.json_text("\ud83d\ude00")) == "\ufffd\ufffd"


def test_json_explains_if_asked(hit_of: Make) -> None:
    hit = hit_of()
    assert "explanation" not in output.record(hit)
    assert output.record(hit, explain=True)["explanation"] == hit.explain().to_dict()


@pytest.mark.parametrize("odd", HOSTILE)
def test_a_csv_reader_gives_the_text_back(hit_of: Make, odd: str) -> None:
    hit = hit_of(odd, title=odd, author=odd)
    rows = list(output.as_csv([hit, hit]))
    assert "\n".join(rows).encode("utf-8")
    first, second = parsed(rows)
    assert first == second
    assert tuple(first) == output.COLUMNS
    assert first["text"].removeprefix("'") == text.clean(odd)
    assert first["citation"] == cite(hit).text()
    assert (first["score"], first["keyword_rank"], first["semantic_rank"]) == ("0.5", "1", "")
    assert first["semantic_score"] == "-0.25"  # a number of ours is a number, not a formula


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("column", ["title", "author", "source", "url", "path", "text", "snippet", "why"])
def test_no_cell_is_a_formula(hit_of: Make, formula: str, column: str) -> None:
    is_text = column in ("text", "snippet")
    hit = hit_of(formula if is_text else "x", **({} if is_text else {column: formula}))
    cell = parsed(list(output.as_csv([hit])))[0][column]
    assert cell == "'" + text.clean(formula)


@pytest.mark.parametrize("plain", ["word", "'quoted'", "1+1", "a=b", "–dash", "", "£5", "(=1)"])
def test_other_cells_are_left_as_they_are(plain: str) -> None:
    assert next(csv.reader([output.csv_row([plain, "x"])])) == [plain, "x"]


@pytest.mark.parametrize("odd", HOSTILE)
def test_markdown_is_text_only(hit_of: Make, odd: str) -> None:
    (written,) = output.markdown([hit_of(odd or "x", title=odd, author=odd, source=odd, url=None)])
    page = rendered(written)
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= {"h3", "blockquote", "p", "br"}
    assert words_of(quoted(written)) == words_of(odd or "x")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", written)


TEXTS = st.text(
    st.one_of(st.sampled_from("*_`[]()<>#+-=!|~\\&:;.$^ \n\n\t1a\"'"), st.characters(codec="utf-8")), min_size=1
)


@given(words=TEXTS, data=st.data())
def test_any_markdown_shows_the_text_and_its_spans_alone(hit_of: Make, words: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, len(words)), min_size=2, max_size=2)))
    kind = data.draw(st.sampled_from(SpanKind))
    hit = hit_of(words, snippet=Snippet(words, (Span(*ends, kind),)))
    (written,) = output.markdown([hit])
    assert set(re.findall(r"<([a-z0-9]+)", rendered(written))) <= {
        "h3", "blockquote", "p", "br", "a", "strong", "em",
    }  # fmt: skip
    if words.isascii() and words.isprintable():  # where flanks are letters, emphasis is always read as such
        assert "".join(words_of(quoted(written))).replace("*", "").replace("_", "") == "".join(words_of(words)).replace(
            "*", ""
        ).replace("_", "")


@pytest.mark.parametrize(
    ("words", "lit", "kind", "shown"),
    [
        ("Poor oysters!", "oysters", SpanKind.WORD, "Poor <strong>oysters</strong>!"),
        ("Poor oysters!", "Poor oysters!", SpanKind.MEANING, "<em>Poor oysters</em>!"),
        ('He said "war." Then', '"war."', SpanKind.WORD, "He said &quot;<strong>war</strong>.&quot; Then"),
        ("中国人民", "国人", SpanKind.WORD, "中<strong>国人</strong>民"),
        ("a*b*c", "*b*", SpanKind.WORD, "a*<strong>b</strong>*c"),
        ("one\n\ntwo", "one\n\ntwo", SpanKind.MEANING, "<em>one</em></p>\n<p><em>two</em>"),
        ("one \n \n two", "one \n \n two", SpanKind.MEANING, "<em>one</em></p>\n<p><em>two</em>"),
        ("one\ntwo", "one\ntwo", SpanKind.MEANING, "<em>one<br />\ntwo</em>"),
        ("...", "...", SpanKind.WORD, "..."),
    ],
)
def test_markdown_lights_spans(hit_of: Make, words: str, lit: str, kind: SpanKind, shown: str) -> None:
    (written,) = output.markdown([hit_of(words, lit=lit, span=kind)])
    assert f"<blockquote>\n<p>{shown}</p>\n</blockquote>" in rendered(written)


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://news.example/a?b=c&d#e", True),
        ("HTTP://news.example/", True),
        ("javascript:alert(1)", False),
        ("https://x.example/> <script>", False),
        ("https://x.example/\nhttps://y", False),
        ("ftp://x.example", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(hit_of: Make, url: str | None, is_linked: bool) -> None:
    (written,) = output.markdown([hit_of(url=url)])
    assert ("<a href" in rendered(written)) is is_linked
    assert "<script" not in rendered(written)


def test_markdown_cites(hit_of: Make) -> None:
    (written,) = output.markdown([hit_of(lit="oysters")])
    assert written == (
        "### The harbour\n\n> Poor **oysters**!\n\n"
        '— Bo, comment on "The harbour", Herald, 2014-06-29, a1#c2:0-13 <https://news.example/1>\n'
    )


@pytest.mark.parametrize("odd", HOSTILE)
def test_the_terminal_gets_our_codes_only(hit_of: Make, odd: str) -> None:
    hit = hit_of(odd or "x", lit=odd[:3] or None, title=odd, author=odd, duplicates=(odd,), answers=odd)
    (block,) = output.terminal([hit], explain=True)
    bare = re.sub(r"\x1b\[(?:1;4|22;24|3|23)m", "", block)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", bare)
    assert block.encode("utf-8")


def test_the_terminal_shows_matches_relations_and_numbers(hit_of: Make) -> None:
    hit = hit_of(lit="oysters", duplicates=tuple(f"a{n}#p1" for n in range(2, 9)), more=("a1#p9",), answers="a1#p1")
    (block,) = output.terminal([hit], explain=True)
    assert "  Poor \x1b[1;4moysters\x1b[22;24m!\n" in block
    assert "  also in 7: a2#p1, a3#p1, a4#p1, a5#p1, a6#p1 and 2 more\n" in block
    assert "  more of it: a1#p9\n  answers a1#p1\n" in block
    assert all(line in block for line in hit.explain().lines())
    (block,) = output.terminal([hit_of(snippet=Snippet("oys", (), 5))])
    assert "  … oys …\n" in block


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((), [("abcdef", None)]),
        ((Span(1, 3),), [("a", None), ("bc", SpanKind.WORD), ("def", None)]),
        (
            (Span(0, 6, SpanKind.MEANING), Span(2, 4)),
            [("ab", SpanKind.MEANING), ("cd", SpanKind.WORD), ("ef", SpanKind.MEANING)],
        ),
        ((Span(4, 99), Span(-3, 1)), [("a", None), ("bcd", None), ("ef", None)]),
    ],
)
def test_pieces_join_to_the_text(spans: tuple[Span, ...], expected: list[tuple[str, SpanKind | None]]) -> None:
    found = list(output.pieces(Snippet("abcdef", spans)))
    assert "".join(piece for piece, _ in found) == "abcdef"
    if all(0 <= span.start <= span.end <= 6 for span in spans):
        assert found == expected


@pytest.mark.parametrize("writer", [output.jsonl, output.as_csv, output.markdown, output.terminal])
def test_writers_stream(hit_of: Make, writer: Callable[..., Any]) -> None:
    taken = 0

    def hits() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield hit_of()

    stream = writer(hits())
    for _ in range(3):
        next(stream)
    assert taken <= 3


@pytest.mark.parametrize("unit", [" ", "\n", " \n", "* ", "\u0301", "a\n\n"])
def test_endless_runs_take_no_time(hit_of: Make, unit: str) -> None:
    words = f"a{unit * 100_000}b"
    hit = hit_of(words, lit=words, span=SpanKind.MEANING)
    began = time.thread_time()
    for writer in (output.jsonl, output.as_csv, output.markdown, output.terminal):
        list(writer([hit]))
    assert time.thread_time() - began < 2
