"""One page of a ranking becomes hits: the store is asked once for each kind of thing, whatever the page's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.explain import explanation, why
from search.results import Hit
from search.snippet import Highlighter, snippets
from search.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.model import ArticleInfo, Passage
    from index.protocol import Index
    from search.plan import Plan
    from search.query import Query
    from search.ranking import Ranking

Words = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the index says of the passages of one page, and of those they name."""

    passages: dict[int, Passage]
    articles: dict[str, ArticleInfo]
    ids: dict[int, str]
    stacks: dict[int, tuple[int, ...]]
    answers: dict[int, int]
    answered_by: dict[int, list[int]]
    words: dict[int, Words]

    def named(self, rows: Iterable[int]) -> tuple[str, ...]:
        """Return the passage ids of ``rows``."""
        return tuple(self.ids[row] for row in rows if row in self.ids)


def hits(index: Index, query: Query, ranking: Ranking, page: slice, plan: Plan | None = None) -> tuple[Hit, ...]:
    """Return the hits of one page; with a ``plan``, each is explained word by word."""
    rows = ranking.rows[page].tolist()
    known = _known(index, ranking, rows, plan)
    highlighter = Highlighter.of(query)
    return tuple(
        _hit(known, ranking, place, highlighter) for place, row in enumerate(rows, page.start) if row in known.passages
    )


def _hit(known: _Known, ranking: Ranking, place: int, highlighter: Highlighter) -> Hit:
    row = int(ranking.rows[place])
    passage = known.passages[row]
    keyword, semantic = ranking.legs(place)
    answered = known.answers.get(row)
    shown, *fragments = snippets(passage.text, highlighter)
    return Hit(
        passage=passage,
        article=known.articles[passage.article_id],
        score=float(ranking.scores[place]),
        snippet=shown,
        fragments=tuple(fragments),
        keyword=keyword,
        semantic=semantic,
        why=why(passage, highlighter, keyword, semantic),
        duplicates=known.named(known.stacks.get(row, ())),
        more=known.named(other for other, _ in (ranking.more or {}).get(row, ())),
        answers=known.ids.get(answered) if answered is not None else None,
        answered_by=known.named(known.answered_by.get(row, ())),
        explanation=explanation(ranking, place, known.words.get(row, ())),
    )


def _known(index: Index, ranking: Ranking, rows: Sequence[int], plan: Plan | None) -> _Known:
    stacks = _stacks(index, rows)
    answers = {row: paragraph for row, (paragraph, _) in index.answers(rows).items()}
    answered_by = index.answered_by(rows)
    named = {*answers.values(), *(row for members in (*stacks.values(), *answered_by.values()) for row in members)}
    named |= {row for hit in rows for row, _ in (ranking.more or {}).get(hit, ())}
    passages = index.passages([*rows, *(named - set(rows))])
    shown = {row: passages[row] for row in rows if row in passages}
    return _Known(
        passages=shown,
        articles=index.articles([passage.article_id for passage in shown.values()]),
        ids={row: passage.id for row, passage in passages.items()},
        stacks=stacks,
        answers=answers,
        answered_by=answered_by,
        words=_words(index, plan, rows),
    )


def _stacks(index: Index, rows: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each stacked row of the page, the other rows of its stack, earliest first."""
    leaders = index.stacks(rows)
    members = index.members(sorted(set(leaders.values())))
    return {row: tuple(other for other in members[leader] if other != row) for row, leader in leaders.items()}


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
