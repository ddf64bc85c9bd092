"""Results as a notebook shows them: one escaped HTML table, without scripts, styles from data, or pictures."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from index import text
from search.citation import cite
from search.output import WEB_ADDRESS, pieces
from search.results import SpanKind

if TYPE_CHECKING:
    from search.results import Hit, Results

_LIT: Final = {SpanKind.WORD: "mark", SpanKind.MEANING: "em"}
# Notebooks hand what stands between dollars to MathJax, which can make links; these classes tell it to keep out.
_OPENING: Final = '<div class="tex2jax_ignore mathjax_ignore">'
_HEADINGS: Final = ("score", "hit", "why", "source")


def to_html(results: Results) -> str:
    """Return one page of results as an HTML table; every character of the corpus is text in it."""
    heads = "".join(f"<th>{name}</th>" for name in _HEADINGS)
    rows = "".join(map(_row, results))
    return f"{_OPENING}<p>{_told(results)}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"


def _told(results: Results) -> str:
    about = "" if results.total_is_exact else "about "
    lines = [f"{len(results):,} of {about}{results.total:,} passages for {results.query!r}", *results.warnings]
    if results.did_you_mean:
        lines.append(f"did you mean {results.did_you_mean!r}?")
    return "<br>".join(map(_escaped, lines))


def _row(hit: Hit) -> str:
    title = f"<b>{_escaped(hit.article.title or hit.passage.article_id)}</b>"
    url = hit.article.url or ""
    if WEB_ADDRESS.fullmatch(url):
        title = f'<a href="{_escaped(url)}" rel="noopener noreferrer" target="_blank">{title}</a>'
    shown = "".join(_piece(piece, kind) for piece, kind in pieces(hit.snippet))
    cells = (f"{hit.score:.3f}", f"{title}<br>{shown}", _escaped(hit.why), _escaped(cite(hit).text()))
    return "<tr>" + "".join(f'<td dir="auto">{cell}</td>' for cell in cells) + "</tr>"


def _piece(words: str, kind: SpanKind | None) -> str:
    escaped = _escaped(words).replace("\n", "<br>")
    return f"<{_LIT[kind]}>{escaped}</{_LIT[kind]}>" if kind else escaped


def _escaped(words: str) -> str:
    return html.escape(text.clean(words))
