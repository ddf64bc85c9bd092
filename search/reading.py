"""The ``broadsheet show`` command: an article with its comments, or one passage, and what answers what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from index import console
from index.command_line import index_option, settings_of
from index.model import Kind
from index.settings import without_blas_threads
from search.output import json_text
from search.results import kind_of, timestamp

if TYPE_CHECKING:
    from index.model import Article, Passage
    from search.searcher import Searcher


def opened(index_dir: str | None) -> Searcher:
    """Return a searcher of the index in force under the flags of one command."""
    without_blas_threads()
    from search.searcher import Searcher

    return Searcher.open(settings_of(index_dir).index_dir)


@click.command()
@click.argument("identifier", metavar="ID")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(identifier: str, index_dir: str | None, *, as_json: bool) -> None:
    """Show an article with its comments, or the one passage named by ARTICLE#MARK.

    A comment is shown with the paragraph it answers, a paragraph with the number of comments that answer it. Furniture
    of the page comes last.
    """
    with opened(index_dir) as searcher:
        is_passage = "#" in identifier
        passages = [searcher.passage(identifier)] if is_passage else searcher.passages_of(identifier)
        article = None if is_passage else searcher.article(identifier)
        answers, answered_by = searcher.answers(passages), searcher.answered_by(passages)
    if as_json:
        table = _passage_to_dict(passages[0], answers, answered_by) if article is None else _to_dict(article, answers)
        console.data(json_text(table, indent=1))
        return
    if article is not None:
        _print_head(article)
    for number, passage in enumerate(passages):
        if passage.kind is Kind.FURNITURE and article is not None and passage.position == 1:
            console.data("\naround the story:")
        if number or article is not None:
            console.data("")
        _print_passage(passage, _relation(passage, answers, answered_by))


def _to_dict(article: Article, answers: dict[str, str]) -> dict[str, Any]:
    """Return an article as JSON Lines know it, and which comment answers which paragraph."""
    from index.sources.jsonl import article_to_dict

    return article_to_dict(article) | {"links": answers}


def _passage_to_dict(
    passage: Passage, answers: dict[str, str], answered_by: dict[str, tuple[str, ...]]
) -> dict[str, Any]:
    return {
        "id": passage.id,
        "article_id": passage.article_id,
        "kind": passage.kind.value,
        "position": passage.position,
        "author": passage.author,
        "posted": timestamp(passage.posted),
        "text": passage.text,
        "furniture": passage.furniture,
        "parent": passage.parent,
        "answers": answers.get(passage.id),
        "answered_by": list(answered_by.get(passage.id, ())),
    }


def _relation(passage: Passage, answers: dict[str, str], answered_by: dict[str, tuple[str, ...]]) -> str | None:
    """Return what a passage has to do with others of its article, in plain words."""
    if passage.kind is Kind.COMMENT:
        told = (passage.parent and f"replies to {passage.parent}", _answered(answers.get(passage.id)))
        return "; ".join(part for part in told if part) or None
    count = len(answered_by.get(passage.id, ()))
    return f"answered by {count:,} comment{'s' * (count != 1)}" if count else None


def _answered(paragraph: str | None) -> str | None:
    return paragraph and f"answers {paragraph}"


def _print_passage(passage: Passage, relation: str | None) -> None:
    about = (passage.id, kind_of(passage), passage.author, timestamp(passage.posted), relation)
    console.data(" · ".join(part for part in about if part))
    console.data(passage.text)


def _print_head(article: Article) -> None:
    about = {
        "source": article.source,
        "place": article.place,
        "published": timestamp(article.published),
        "by": ", ".join(article.authors),
        "edited by": ", ".join(article.editors),
        "url": article.url,
        "read from": article.path,
    }
    for name, value in about.items():
        if value:
            console.data(f"{name}: {value}")
