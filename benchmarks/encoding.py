"""Encoding against plain sentence-transformers: ``python -m benchmarks.encoding FILE [BLOCKS]``, a file of articles.

Both encode the same paragraphs in the same process, block by block in turn, with the same threads; the ratio of each
pair is of one moment, so that a busy machine tells the same as an idle one. The static encoder is timed beside them.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encode.protocol import Vectors

    Encode = Callable[[Sequence[str]], Vectors]

BLOCK: Final = 128  # what a rebuild hands over at a time
BLOCKS: Final = 6


def main() -> int:
    texts = paragraphs(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else BLOCKS)
    ways = encoders()
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for encode in ways.values():
        encode(texts[: BLOCK // 2])  # loads
    agreement = 1.0
    for start in range(0, len(texts), BLOCK):
        block = texts[start : start + BLOCK]
        found = {}
        for name, encode in ways.items():
            times, found[name] = measured(encode, block)
            spent[name].append(times)
        agreement = min(agreement, float((found["broadsheet"] * found["sentence-transformers"]).sum(axis=1).min()))
    tell(spent, agreement)
    return 0


def encoders() -> dict[str, Encode]:
    from sentence_transformers import SentenceTransformer

    from index.encode import model_files, open_encoder

    plain = SentenceTransformer(str(model_files.packaged()))
    return {
        "sentence-transformers": lambda texts: np.asarray(
            plain.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        ),
        "broadsheet": open_encoder().encode,
        "broadsheet, static": open_encoder("static").encode,
    }


def measured(encode: Encode, texts: Sequence[str]) -> tuple[tuple[float, float], Vectors]:
    """Return the seconds and the processor's seconds of encoding, and the vectors."""
    began, used = perf_counter(), process_time()
    vectors = encode(texts)
    return (perf_counter() - began, process_time() - used), vectors


def paragraphs(path: Path, blocks: int) -> list[str]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = [text for line in content.splitlines() for text in json.loads(line)["paragraphs"]]
    return random.Random(1).sample(found, BLOCK * blocks)


def tell(spent: dict[str, list[tuple[float, float]]], agreement: float) -> None:
    plain = spent["sentence-transformers"]
    print("| encoder | passages/s | passages/s of processor time | ratio | ratio of processor time |")
    print("|---|---|---|---|---|")
    for name, times in spent.items():
        rates = [BLOCK / statistics.median(column) for column in zip(*times, strict=True)]
        pairs = [[theirs[at] / ours[at] for theirs, ours in zip(plain, times, strict=True)] for at in (0, 1)]
        ratios = [statistics.median(column) for column in pairs]
        print(f"| {name} | {rates[0]:,.0f} | {rates[1]:,.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    print(f"\nleast cosine of broadsheet to sentence-transformers: {agreement:.6f}")


if __name__ == "__main__":
    sys.exit(main())
