"""Random damage to every file of an index: harmless, refused with advice, or named by verify; never anything else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.damage import is_fine, judged, make, trials

if TYPE_CHECKING:
    from pathlib import Path

TRIALS = 200


def test_damage_is_never_a_traceback_and_never_silent(tmp_path: Path) -> None:
    root = make(tmp_path, 9)
    results = judged(root, list(trials(root, TRIALS, seed=5)))
    assert [(trial, told) for trial, told in results if not is_fine(told)] == []
    told = Counter(told.partition(",")[0] for _, told in results)
    assert told["refused"] > 20
    assert told["named"] > 20
    assert told["harmless"] > 5
    files = {trial.file.rpartition(".")[2] for trial, _ in results}
    assert {"sqlite", "f32", "rows", "sums", "json", "jsonl", "term", "idx", "pos", "fast"} <= files
