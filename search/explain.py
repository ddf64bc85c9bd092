"""Why a hit was found: one line in plain words, and the numbers that add up to its score."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from index.model import Kind
from search import fuse
from search.fuse import Method

if TYPE_CHECKING:
    from index.model import Passage
    from search.ranking import Ranking
    from search.results import LegScore
    from search.snippet import Highlighter

_LEAD: Final = 2  # the first paragraphs of a story


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One summand of a score: ``weight * share``."""

    name: str
    raw: float
    """What the leg said: BM25, cosine, rank, or the score of another passage of the article."""
    share: float
    weight: float

    @property
    def value(self) -> float:
        """What it adds to the score."""
        return self.weight * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts of a score; their values add up to ``score``."""

    method: Method
    score: float
    parts: tuple[Part, ...]
    words: tuple[tuple[str, float], ...] = ()
    """Per word of the query, what it adds to the BM25 score; only where the search was asked to explain."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "method": self.method.value,
            "score": self.score,
            "parts": [asdict(part) | {"value": part.value} for part in self.parts],
            "words": dict(self.words),
        }

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        told = [f"score {self.score:.6f} by {self.method.value}"]
        told += [
            f"  {part.value:9.6f} = {part.weight:.3g} x {part.share:.6f}  {part.name} ({part.raw:.4g})"
            for part in self.parts
        ]
        return told + [f"  BM25 {score:.4f} from {word}" for word, score in self.words]


def explanation(ranking: Ranking, place: int, words: tuple[tuple[str, float], ...] = ()) -> Explanation:
    """Return what made the score at ``place``: the passage's own, and a share of its article's next ones."""
    parts = _calibrated(ranking, place, _parts(ranking, place))
    if ranking.more:
        others = ranking.more.get(ranking.rows.item(place), ())
        parts += [
            Part(name="next passage of the article, above the lowest", raw=score, share=score, weight=share)
            for share, (_, score) in zip(ranking.shares, others, strict=False)
        ]
    return Explanation(method=ranking.method, score=ranking.scores.item(place), parts=tuple(parts), words=words)


def why(passage: Passage, highlighter: Highlighter, keyword: LegScore | None, semantic: LegScore | None) -> str:
    """Return the reasons of one hit, as in "3 of 4 words, in the lead; meaning 0.71; 2nd by words"."""
    parts = [_words(passage, highlighter)] if keyword is not None else []
    if semantic is not None:
        parts.append(f"meaning {semantic.score:.2f}")
    parts.append(_ranks(keyword, semantic))
    return "; ".join(part for part in parts if part)


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd``, ``4th``, …, ``11th``."""
    teens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _parts(ranking: Ranking, place: int) -> list[Part]:
    words, meaning = ranking.words.item(place), ranking.meaning.item(place)
    if ranking.method is Method.CONVEX:
        alpha, best = ranking.fusion.alpha, ranking.best
        by_words = fuse.normalise(words, fuse.KEYWORD_FLOOR, best.words)
        by_meaning = fuse.normalise(meaning, fuse.COSINE_FLOOR, best.meaning)
        return [
            Part(name="words (BM25)", raw=words, share=by_words, weight=1.0 - alpha),
            Part(name="meaning (cosine)", raw=meaning, share=by_meaning, weight=alpha),
        ]
    if ranking.method is Method.RRF:
        ranks = {"words": int(ranking.word_ranks[place]), "meaning": int(ranking.meaning_ranks[place])}
        return [
            Part(name=f"rank by {name}", raw=rank, share=1.0 / (fuse.RRF_K + rank) if rank else 0.0, weight=1.0)
            for name, rank in ranks.items()
        ]
    if ranking.method is Method.WORDS:
        return [Part(name="words (BM25)", raw=words, share=words, weight=1.0)]
    if ranking.method is Method.MEANING:
        return [Part(name="meaning (cosine)", raw=meaning, share=meaning, weight=1.0)]
    return []


def _calibrated(ranking: Ranking, place: int, parts: list[Part]) -> list[Part]:
    """Return the parts as the factor of the passage's kind leaves them."""
    if ranking.factors is None or ranking.factors[place] == 1.0:
        return parts
    factor = float(ranking.factors[place])
    scaled = [replace(part, weight=part.weight * factor) for part in parts]
    if ranking.method is Method.MEANING:  # a cosine is scaled from its own floor
        scaled.append(Part(name="of the floor", raw=fuse.COSINE_FLOOR, share=fuse.COSINE_FLOOR, weight=1.0 - factor))
    return scaled


def _words(passage: Passage, highlighter: Highlighter) -> str:
    found, size = highlighter.found_in(passage.text), highlighter.size
    if not size:
        return ""
    if not found:
        return "no word in common"
    told = f"{found} of {size} words" if size > 1 else "the word"
    if passage.furniture:
        return f"{told}, in furniture"
    if passage.kind is Kind.HEADLINE:
        return f"{told}, in the headline"
    is_lead = passage.kind is Kind.PARAGRAPH and passage.position <= _LEAD
    return f"{told}, in the lead" if is_lead else told


def _ranks(keyword: LegScore | None, semantic: LegScore | None) -> str:
    told = [
        f"{ordinal(leg.rank)} by {name}" if leg is not keyword or leg.score > 0 else "by a filter"
        for name, leg in (("words", keyword), ("meaning", semantic))
        if leg is not None and leg.rank is not None
    ]
    return ", ".join(told)
