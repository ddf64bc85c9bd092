"""Ranking tuned by a reader's judgements: fitted, measured on queries left out of the fit, and kept only if better.

Nothing changes unless the gain on the queries left out is above what chance gives. The weights that were in force
before stay beside the new ones, for the way back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index import durable
from index.errors import NotFound, QueryError
from index.progress import Silent
from search import refit
from search.calibrate import Kinds
from search.fuse import Best
from search.judgements import RELEVANT, locked
from search.legs import GATHERED
from search.measures import p_value
from search.refit import Case
from search.scripts import is_unread
from search.weights import FILE, saved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.progress import Progress
    from search.judgements import Judgement
    from search.results import Hit, LegScore
    from search.searcher import Searcher
    from search.weights import Weights

PREVIOUS: Final = "weights.previous.json"
FEWEST: Final = 10
LEVEL: Final = 0.05
_HALF: Final = 0.5  # a share at which passage and story both count; what they add grows evenly with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What a fit found."""

    before: Weights
    after: Weights
    """Fitted to all usable queries."""
    judged: int
    """Queries with a judgement."""
    usable: int
    """Those of them that can tell weights apart: something relevant was found, and something else too."""
    held_out_before: float = 0.0
    """Mean nDCG@10 of the usable queries under the weights in force."""
    held_out_after: float = 0.0
    """The same under weights fitted to the other queries."""
    p: float = 1.0
    """Of a difference at least as large if neither were better."""

    @property
    def gain(self) -> float:
        """What tuning adds on queries it has not seen."""
        return self.held_out_after - self.held_out_before

    @property
    def refusal(self) -> str | None:
        """Why the weights stay as they are; ``None`` where the new ones are better."""
        if self.usable < FEWEST:
            return f"{self.usable} of {self.judged} judged queries can be used and {FEWEST} are needed; judge more"
        if self.after == self.before or self.gain <= 0:
            return "no other weights are better on queries left out of the fit; nothing was changed"
        if self.p >= LEVEL:
            return f"the gain could be chance (p = {self.p:.3f}, below {LEVEL} is needed); judge more queries"
        return None


def tune(
    searcher: Searcher, judgements: Sequence[Judgement], current: Weights, progress: Progress | None = None
) -> Tuning:
    """Return what fitting ``current``, the weights ``searcher`` uses, to the judgements gives; changes nothing."""
    judged = len({one.query for one in judgements})
    return fit(cases(searcher, judgements, progress or Silent()), current, judged)


def cases(searcher: Searcher, judgements: Sequence[Judgement], progress: Progress) -> list[Case]:
    """Return a case for each judged query that can be used."""
    relevant: dict[str, set[str]] = {one.query: set() for one in judgements}
    for one in judgements:
        if one.grade == RELEVANT:
            relevant[one.query].add(one.passage_id)
    found, model = [], searcher.info().model
    progress.start("asking judged queries", len(relevant), "question")
    for query, passages in sorted(relevant.items()):
        case = _case(searcher, model, query, passages) if passages else None
        if case is not None:
            found.append(case)
        progress.advance()
    progress.finish()
    return found


def fit(usable: Sequence[Case], current: Weights, judged: int) -> Tuning:
    """Return what fitting ``current`` to the usable ones of ``judged`` queries gives."""
    if len(usable) < FEWEST:
        return Tuning(before=current, after=current, judged=judged, usable=len(usable))
    values = refit.measured(usable)
    before, after = values(current), refit.held_out(usable, current, values)
    return Tuning(
        before=current,
        after=refit.fitted(current, refit.mean_of(values, np.ones(len(usable), dtype=np.bool_))),
        judged=judged,
        usable=len(usable),
        held_out_before=float(before.mean()),
        held_out_after=float(after.mean()),
        p=p_value(after - before),
    )


def adopt(index_dir: Path, tuning: Tuning) -> None:
    """Put the fitted weights in force, each file in one atomic step, and keep those that were."""
    path, previous = index_dir / FILE, index_dir / PREVIOUS
    with locked(index_dir):
        if path.exists():
            durable.write_durably(previous, saved(tuning.before))
        else:  # the defaults were in force: the way back is to remove the file
            previous.unlink(missing_ok=True)
        durable.write_durably(path, saved(tuning.after))


def undo(index_dir: Path) -> bool:
    """Put the weights before the last ``adopt`` in force, else the defaults; return whether anything changed."""
    path, previous = index_dir / FILE, index_dir / PREVIOUS
    with locked(index_dir):
        if previous.exists():
            previous.replace(path)
        elif path.exists():
            path.unlink()
        else:
            return False
        durable.sync_folder(index_dir)
    return True


def _case(searcher: Searcher, model: str | None, query: str, relevant: set[str]) -> Case | None:
    """Return what the legs say of the first tier of a query; ``None`` where it cannot tell weights apart."""
    hits, meaning = _candidates(searcher, query)
    best = Best(max(map(_by_words, hits), default=0.0), max(map(_by_meaning, hits), default=0.0))
    hits = _one_a_stack(hits)
    flags = np.array([not relevant.isdisjoint(_ids(hit)) for hit in hits], dtype=np.bool_)
    if not flags.any() or flags.all():
        return None
    names, articles = np.unique([hit.passage.article_id for hit in hits], return_inverse=True)
    missed = _missed(searcher, relevant.difference(*map(_ids, hits)))
    return Case(
        query=query,
        words=None if hits[0].keyword is None else np.array(list(map(_by_words, hits)), dtype=np.float32),
        meaning=None if hits[0].semantic is None else np.array(list(map(_by_meaning, hits)), dtype=np.float32),
        best=best,
        **_with_stories(searcher, query, hits),
        kinds=Kinds.of(hit.passage.kind for hit in hits),
        articles=articles.astype(np.int64),
        relevant=flags,
        unread=is_unread(model, meaning),
        missed=(len(missed), len({_article(passage) for passage in missed} - set(names.tolist()))),
    )


def _candidates(searcher: Searcher, query: str) -> tuple[list[Hit], str]:
    """Return the first tier, where weights decide (what follows comes behind it under any), and what was meant."""
    try:
        results = searcher.search(query, limit=2 * GATHERED, stacks=False, comments=None)
    except QueryError:  # it was within the limits when it was judged
        return [], ""
    hits = [hit for hit in results if _is_first_tier(hit.keyword) or _is_first_tier(hit.semantic)]
    return hits, results.meaning


def _with_stories(searcher: Searcher, query: str, hits: Sequence[Hit]) -> dict[str, Any]:
    """Return the fields of a case on what whole stories add to the score by words, and on the most it could be."""
    if not hits or hits[0].keyword is None:
        return {}
    alone, legs = searcher.asked_by_words(query, 0.0), searcher.asked_by_words(query, _HALF)
    rows = np.array([legs.index.row(hit.passage.id) for hit in hits], dtype=np.int64)
    halfway = legs.scores(rows)[0] - np.array(list(map(_by_words, hits)), dtype=np.float32)
    most = alone.most()
    return {
        "stories": (halfway / _HALF).astype(np.float32),
        "most": most,
        "stories_most": (legs.most() - most) / _HALF,
    }


def _is_first_tier(leg: LegScore | None) -> bool:
    return leg is not None and leg.rank is not None and leg.rank <= GATHERED


def _one_a_stack(hits: Sequence[Hit]) -> list[Hit]:
    """Return one hit of each stack of reprints, in the order of ids: equal scores must not come in today's order."""
    stacks: dict[str, Hit] = {}
    for hit in hits:
        stacks.setdefault(min(_ids(hit)), hit)
    return sorted(stacks.values(), key=lambda hit: hit.passage.id)


def _missed(searcher: Searcher, passages: set[str]) -> set[str]:
    """Return those of the passages that the index still holds."""
    held = set()
    for passage in passages:
        with suppress(NotFound):
            held.add(searcher.passage(passage).id)
    return held


def _ids(hit: Hit) -> set[str]:
    return {hit.passage.id, *hit.duplicates}


def _article(passage_id: str) -> str:
    return passage_id.rpartition("#")[0]


def _by_words(hit: Hit) -> float:
    return 0.0 if hit.keyword is None else hit.keyword.score


def _by_meaning(hit: Hit) -> float:
    return 0.0 if hit.semantic is None else hit.semantic.score
