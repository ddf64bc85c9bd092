"""Search by codes against brute force: filters, windows, ties, appended pieces, removed rows, damage."""

from __future__ import annotations

import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import vector_check, vector_codes
from index.errors import IndexDamaged
from index.faults import Findings
from index.progress import Silent
from index.vector_codes import BEYOND, CODES, Asked, Codes, coded, seeming_nearest
from index.vectors import VECTORS, VectorIndex, VectorWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.store import Store

BLOCK = 16
DIMENSION = 70  # no whole words


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_codes, "BLOCK", BLOCK)
    monkeypatch.setattr(vector_check, "BLOCK", BLOCK)


def like_texts(count: int, dimension: int, seed: int = 0) -> np.ndarray:
    """Return unit vectors in crowds, as those of texts are."""
    rng = np.random.default_rng(seed)
    subjects = rng.normal(size=(max(1, count // 60), dimension))
    raw = subjects[rng.integers(len(subjects), size=count)] + 1.3 * rng.normal(size=(count, dimension))
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def written(folder: Path, owners: np.ndarray, vectors: np.ndarray, pieces: int = 1) -> None:
    """Write vectors in several turns, as syncs do."""
    ends = [len(owners) * piece // pieces for piece in range(pieces + 1)]
    for start, end in pairwise(ends):
        with closing(VectorWriter(folder, vectors.shape[1], start)) as writer:
            writer.append(owners[start:end], vectors[start:end])


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[int], np.ndarray | None, int]:
    """Draw owners, vectors (some of them alike), masked rows, allowed rows and a limit."""
    owners = np.cumsum(draw(st.lists(st.sampled_from([0, 1, 1, 1, 3]), min_size=1, max_size=120))) + 1
    vectors = like_texts(draw(st.integers(1, len(owners))), DIMENSION, draw(st.integers(0, 99)))
    rows = sorted(set(owners.tolist()))
    masked = draw(st.lists(st.sampled_from(rows), unique=True, max_size=8))
    allowed = draw(st.none() | st.lists(st.integers(0, 400), unique=True, max_size=200))
    told = None if allowed is None else np.array(sorted(allowed), dtype=np.int64)
    return owners, vectors[np.arange(len(owners)) % len(vectors)], sorted(masked), told, draw(st.integers(1, 130))


def brute_force(
    vectors: np.ndarray, owners: np.ndarray, query: np.ndarray, admitted: set[int], limit: int
) -> list[tuple[int, float]]:
    best: dict[int, float] = {}
    for owner, vector in zip(owners.tolist(), vectors, strict=True):
        if owner in admitted:
            best[owner] = max(best.get(owner, -2.0), float(np.dot(vector.astype(np.float64), query)))
    return sorted(((row, round(score, 6)) for row, score in best.items()), key=lambda pair: (-pair[1], pair[0]))[:limit]


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(1, 5), st.integers(0, 99), st.sampled_from([0, 10_000]))
def test_the_index_finds_what_brute_force_finds(
    case: tuple[np.ndarray, np.ndarray, list[int], np.ndarray | None, int], pieces: int, seed: int, exact_up_to: int
) -> None:
    owners, vectors, masked, allowed, limit = case
    query = like_texts(1, DIMENSION, seed)[0]
    admitted = set(owners.tolist()) - set(masked)
    if allowed is not None:
        admitted &= set(allowed.tolist())
    expected = brute_force(vectors, owners, query, admitted, limit)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.vectors._FEW", 20)  # so that filters go both ways
        written(Path(name), owners, vectors, pieces)
        index = VectorIndex(Path(name), DIMENSION, len(owners), masked, exact_up_to)
        found = index.nearest(query, limit, allowed)
    assert len(found) == len(expected)
    assert found.scores == pytest.approx([score for _, score in expected], abs=2e-6)
    assert list(zip(-found.scores, found.rows, strict=True)) == sorted(zip(-found.scores, found.rows, strict=True))
    lowest = expected[-1][1] if expected else 0.0
    sure = {row for row, score in expected if score > lowest + 2e-6}
    assert sure <= set(found.rows.tolist()) <= admitted


@pytest.mark.parametrize("allowed", [1.0, 0.5, 0.1])
def test_little_is_lost_where_not_all_are_compared_in_full(tmp_path: Path, allowed: float) -> None:
    count, vectors = 30_000, like_texts(30_000, 128)
    written(tmp_path, np.arange(1, count + 1), vectors)
    quick, judge = (VectorIndex(tmp_path, 128, count, (), bound) for bound in (0, count))
    rows = None if allowed == 1.0 else np.flatnonzero(np.random.default_rng(1).random(count) < allowed) + 1
    kept = {10: 0.0, 200: 0.0}
    queries = like_texts(20, 128, seed=2) * 0.5 + vectors[:20]
    for query in queries / np.linalg.norm(queries, axis=1, keepdims=True):
        found, right = quick.nearest(query, 200, rows), judge.nearest(query, 200, rows)
        scores = dict(zip(right.rows.tolist(), right.scores.tolist(), strict=True))
        assert all(
            scores.get(row, score) == score
            for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True)
        )
        for depth in kept:
            kept[depth] += len(set(found.rows[:depth].tolist()) & set(right.rows[:depth].tolist())) / depth / 20
    assert kept[10] >= 0.99
    assert kept[200] >= 0.98


@given(st.lists(st.sampled_from([0, 1, 5, 9, 700, BEYOND]), max_size=40), st.integers(0, 50))
def test_the_nearest_are_the_least_distances_and_all_equal_ones(numbers: list[int], wanted: int) -> None:
    distances = np.array(numbers, dtype=np.uint16)
    last = sorted(numbers)[wanted] if wanted < len(numbers) else BEYOND
    expected = [place for place, number in enumerate(numbers) if number <= last and number != BEYOND]
    assert seeming_nearest(distances, wanted).tolist() == expected


@pytest.mark.parametrize("struck", [0.0, 0.9, 0.999])
def test_of_very_many_about_as_many_are_near_and_none_that_was_struck_out(struck: float) -> None:
    rng = np.random.default_rng(3)
    distances = rng.normal(600, 30, 200_000).astype(np.uint16)
    distances[rng.random(200_000) < struck] = BEYOND
    near = seeming_nearest(distances, 6000)
    left = int(np.count_nonzero(distances < BEYOND))
    assert len(near) == pytest.approx(min(6000, left), rel=0.2)
    assert distances[near].max() <= np.sort(distances)[min(7200, left - 1)]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_what_comes_as_regularly_as_the_sample_is_not_lost(is_allowed: bool) -> None:
    distances = np.random.default_rng(3).normal(600, 30, 200_000).astype(np.uint16)
    sampled = np.arange(200_000) % 10 == 0
    distances[sampled != is_allowed] = BEYOND
    near = seeming_nearest(distances, 6000)
    assert len(near) >= 4800
    assert set(np.argsort(distances, kind="stable")[:4800].tolist()) <= set(near.tolist())


def looked_at(codes: Codes, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances of all vectors by signs, and by signs and sizes."""
    asked = Asked.of(vector)
    distances = codes.distances(asked)
    return distances, codes.refined(asked, np.arange(count), distances)


def test_a_distance_orders_as_the_cosine_does_and_better_with_sizes(tmp_path: Path) -> None:
    vectors = like_texts(400, 384)
    first, second = looked_at(Codes(tmp_path, vectors), vectors[7], 400)
    assert first.argmin() == second.argmin() == 7
    assert max(first.max(), second.max()) < BEYOND
    cosines = vectors @ vectors[7]
    assert np.corrcoef(second, cosines)[0, 1] < np.corrcoef(first, cosines)[0, 1] < -0.8


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 150), st.integers(0, 99))
def test_distances_are_counts_of_unlike_bits(count: int, dimension: int, seed: int) -> None:
    vectors = like_texts(count, dimension, seed)
    large = np.abs(vectors) > np.float32(0.9816 / np.sqrt(dimension))
    signs = vectors > 0
    sizes = large == signs
    with tempfile.TemporaryDirectory() as name:
        written(Path(name), np.arange(1, count + 1), vectors)
        first, second = looked_at(Codes(Path(name), vectors), vectors[-1], count)
    by_signs = 2 * (signs != signs[-1]).sum(axis=1) + (signs != sizes[-1]).sum(axis=1)
    by_sizes = 2 * (sizes != signs[-1]).sum(axis=1) + (sizes != sizes[-1]).sum(axis=1)
    assert first.tolist() == by_signs.tolist()
    assert second.tolist() == (2 * by_signs + by_sizes).tolist()


def test_no_distance_of_the_widest_vectors_runs_over(tmp_path: Path) -> None:
    vector = np.full((1, vector_codes.WIDEST), vector_codes.WIDEST**-0.5, dtype=np.float32)
    written(tmp_path, np.arange(1, 3), np.concatenate([vector, -vector]))
    for distances in looked_at(Codes(tmp_path, np.concatenate([vector, -vector])), vector[0], 2):
        near, far = distances.tolist()
        assert near < far < BEYOND
    assert 9 * vector_codes.WIDEST < BEYOND
    assert VectorIndex(tmp_path, vector_codes.WIDEST, 2, (), 0).is_exact is False
    assert VectorIndex(tmp_path, vector_codes.WIDEST + 1, 1, (), 0).is_exact is True


def test_pieces_make_the_file_that_one_writing_makes(tmp_path: Path) -> None:
    owners, vectors = np.arange(1, 101), like_texts(100, DIMENSION)
    for name, pieces in (("one", 1), ("many", 9)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, owners, vectors, pieces)
    assert (tmp_path / "one" / CODES).read_bytes() == (tmp_path / "many" / CODES).read_bytes()
    assert (tmp_path / "one" / CODES).stat().st_size == 6 * vector_codes.block_bytes(DIMENSION)


def left_by_a_crash(folder: Path) -> None:
    with closing(VectorWriter(folder, DIMENSION, 40)) as writer:
        writer.append(np.arange(41, 81), like_texts(40, DIMENSION, seed=5))


def lost(folder: Path) -> None:
    (folder / CODES).unlink()


def broken_off(folder: Path) -> None:
    with (folder / CODES).open("r+b") as file:
        file.truncate(vector_codes.block_bytes(DIMENSION) + 100)


@pytest.mark.parametrize("harm", [left_by_a_crash, lost, broken_off])
def test_codes_that_do_not_fit_are_made_again(tmp_path: Path, harm: object) -> None:
    owners, vectors = np.arange(1, 81), like_texts(80, DIMENSION)
    written(tmp_path, owners[:40], vectors[:40])
    assert callable(harm)
    harm(tmp_path)
    with closing(VectorWriter(tmp_path, DIMENSION, 40)) as writer:
        writer.append(owners[40:], vectors[40:])
    assert findings(tmp_path, 80) == []
    (tmp_path / CODES).rename(tmp_path / "kept")
    kept = np.fromfile(tmp_path / "kept", "<u8").reshape(5, 2, -1)
    for block, halves in enumerate(kept):
        for half, wanted in zip(halves, coded(vectors[block * BLOCK : (block + 1) * BLOCK]), strict=True):
            assert np.array_equal(half, wanted.ravel())


@pytest.mark.parametrize("harm", [lost, broken_off])
def test_readers_make_in_memory_what_the_file_lacks(tmp_path: Path, harm: object) -> None:
    vectors = like_texts(80, DIMENSION)
    written(tmp_path, np.arange(1, 81), vectors)
    whole = looked_at(Codes(tmp_path, vectors), vectors[3], 80)
    assert callable(harm)
    harm(tmp_path)
    assert np.array_equal(looked_at(Codes(tmp_path, vectors), vectors[3], 80), whole)


def test_a_bit_that_flips_in_the_codes_is_named(tmp_path: Path) -> None:
    written(tmp_path, np.arange(1, 81), like_texts(80, DIMENSION))
    assert findings(tmp_path, 80) == []
    content = (tmp_path / CODES).read_bytes()
    for place, block in ((9, 1), (-9, 0)):  # among the signs of one block, and the sizes of the one before
        harmed = bytearray(content)
        harmed[vector_codes.block_bytes(DIMENSION) + place] ^= 4
        (tmp_path / CODES).write_bytes(harmed)
        assert findings(tmp_path, 80) == [(CODES, f"is not what vectors {16 * block} to {16 * block + 16} make")]


def test_a_large_file_is_read_row_by_row_with_the_same_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = like_texts(300, DIMENSION)
    written(tmp_path, np.arange(1, 301), vectors)
    mapped = VectorIndex(tmp_path, DIMENSION, 300, (), 0)
    monkeypatch.setattr("index.mapped.RESIDENT", 1 << 10)
    read = VectorIndex(tmp_path, DIMENSION, 300, (), 0)
    for query in vectors[:5]:
        one, other = mapped.nearest(query, 30), read.nearest(query, 30)
        assert (one.rows.tolist(), one.scores.tolist()) == (other.rows.tolist(), other.scores.tolist())
    with (tmp_path / VECTORS).open("r+b") as file:
        file.truncate(100)
    with pytest.raises(IndexDamaged, match="shorter"):
        read.nearest(vectors[0], 3)


class _Stub:
    """The store's part in checking vectors: how many there are and whose."""

    def __init__(self, count: int) -> None:
        self.count = count

    def numbers(self) -> dict[str, int]:
        return {"vectors": self.count}

    def read(self, statement: str, _: object) -> Iterator[tuple[int]]:
        return iter([] if "gone" in statement else [(row,) for row in range(1, self.count + 1)])

    def masked(self) -> list[int]:
        return []


def findings(folder: Path, count: int) -> list[tuple[str, str]]:
    told = Findings()
    store: Store = _Stub(count)  # type: ignore[assignment]
    vector_check.check(folder, DIMENSION, store, told, Silent(), quick=False)
    return [(fault.file, fault.what) for fault in told.faults]
