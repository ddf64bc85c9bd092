"""One page of a ranking becomes hits: what it shows is read at once, whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.explain import explanation, why
from search.results import Hit
from search.snippet import Highlighter, snippets
from search.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.protocol import Index
    from index.shown import Shown
    from search.plan import Plan
    from search.query import Query
    from search.ranking import Ranking

Words = tuple[tuple[str, float], ...]


def hits(index: Index, query: Query, ranking: Ranking, page: slice, plan: Plan | None = None) -> tuple[Hit, ...]:
    """Return the hits of one page; with a ``plan``, each is explained word by word."""
    rows = ranking.rows[page].tolist()
    more = [row for hit in rows for row, _ in (ranking.more or {}).get(hit, ())]
    known, words = index.shown(rows, more), _words(index, plan, rows)
    highlighter = Highlighter.of(query)
    return tuple(
        _hit(known, ranking, place, highlighter, words.get(row, ()))
        for place, row in enumerate(rows, page.start)
        if row in known.passages
    )


def _hit(known: Shown, ranking: Ranking, place: int, highlighter: Highlighter, words: Words) -> Hit:
    row = ranking.rows.item(place)
    passage = known.passages[row]
    keyword, semantic = ranking.legs(place)
    shown, *fragments = snippets(passage.text, highlighter)
    more = ranking.more.get(row, ()) if ranking.more else ()
    return Hit(
        passage=passage,
        article=known.articles[passage.article_id],
        score=ranking.scores.item(place),
        snippet=shown,
        fragments=tuple(fragments),
        keyword=keyword,
        semantic=semantic,
        why=why(passage, highlighter, keyword, semantic),
        duplicates=_named(known, known.stacks.get(row)),
        more=_named(known, [other for other, _ in more]),
        answers=known.ids.get(known.answers.get(row, 0)),
        answered_by=_named(known, known.answered_by.get(row)),
        explanation=explanation(ranking, place, words),
    )


def _named(known: Shown, rows: Sequence[int] | None) -> tuple[str, ...]:
    """Return the passage ids of those of ``rows`` that are there."""
    return tuple(known.ids[row] for row in rows if row in known.ids) if rows else ()


def _words(index: Index, plan: Plan | None, rows: Sequence[int]) -> dict[int, Words]:
    """Return what each word of the query adds to the BM25 score of each row."""
    if plan is None or not rows:
        return {}
    wanted = np.array(rows, dtype=np.int64)
    matched = np.zeros(len(rows)) if plan.words is None else index.score(plan.words, wanted)
    scored = [(name, index.score(clause, wanted)) for name, clause in plan.parts]
    scored += [(name, Stories(index, clause).scores(wanted)) for name, clause in plan.story_parts]
    return {
        row: tuple((name, float(scores[place])) for name, scores in scored if scores[place] > 0)
        for place, row in enumerate(rows)
        if matched[place] > 0  # headline and story lend nothing to a passage without any of the words
    }
