"""One vector a token, distilled from the default model: what the static encoder adds up.

The method is model2vec's (Tulkens & van Dongen, 2024, https://github.com/MinishLab/model2vec): the model reads each
token of its vocabulary by itself, principal components of the vectors are taken, and each is weighted by how rare its
token is, after Arora, Liang & Ma ("A simple but tough-to-beat baseline for sentence embeddings", ICLR 2017), the
vocabulary's order standing for frequency by Zipf's law. Three things differ, each measured in docs/quality.md. Ranks
count from the first word, for BERT's vocabulary begins with a thousand unused places and single characters. The
greatest components, in which all tokens are alike, are left out and the others evened out (Mu & Viswanath,
"All-but-the-top", ICLR 2018). And the vectors are turned back from components to the model's own axes, so that rounding
cannot turn them elsewhere: tables distilled on two machines agree, and so do their vectors.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index import settings
from index.durable import write_durably
from index.encode import DEFAULT_MODEL, hashes, model_files
from index.encode.forward import Forward

if TYPE_CHECKING:
    import numpy.typing as npt
    from tokenizers import Tokenizer

    Table = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.float64]

RECIPE: Final = "1"  # part of the model card: tables of different recipes are different models
LEFT_OUT: Final = 8  # components
EVENED: Final = 0.25  # a component is divided by its variance to this power; 0.5 would make all alike
RARE: Final = 3e-4  # SIF's a: words much more frequent than this count for little
_NOUGHT: Final = 1e-6  # share of the greatest variance below which a component is rounding
_BLOCK: Final = 4096  # tokens encoded at a time
_PUNCTUATION, _LETTER, _CHARACTER = 1, 30, 2000  # ranks of what stands before the first word
_FIRST_WORD: Final = "the"


def table() -> Table:
    """Return the vector of each token, (tokens, 384), mapped; distilled first where that was not done here before.

    Raises ``ModelError`` where the default model is not as it should be.
    """
    path = settings.cache_dir() / f"static-{RECIPE}.npy"
    found = _kept(path)
    if found is None:
        found = distilled()
        _keep(path, found)
    return found


def distilled() -> Table:
    """Distil the table: some ten seconds; tokens that say nothing have the vector 0."""
    folder = model_files.packaged()
    model_files.verify(DEFAULT_MODEL, folder)
    tokenizer = model_files.tokenizer(folder)
    names = [tokenizer.id_to_token(number) or "" for number in range(tokenizer.get_vocab_size())]
    speaking = np.array([number for number, name in enumerate(names) if not (name[:1] == "[" and name[-1:] == "]")])
    told = _told(Forward(folder / model_files.WEIGHTS), tokenizer, speaking)
    vectors = np.zeros((len(names), told.shape[1]), dtype=np.float32)
    vectors[speaking] = _evened(told) * _rarity(names)[speaking, None]
    return vectors


def _told(model: Forward, tokenizer: Tokenizer, tokens: npt.NDArray[np.int64]) -> Numbers:
    """Return what the model makes of each token by itself, (n, 384) float64."""
    opening, closing = tokenizer.encode("").ids
    parts = []
    for start in range(0, len(tokens), _BLOCK):
        texts = [(opening, token, closing) for token in tokens[start : start + _BLOCK].tolist()]
        parts.append(model.run(texts, "sum") / 3)
    return np.concatenate(parts).astype(np.float64)


def _evened(vectors: Numbers) -> Numbers:
    """Leave out the greatest principal components and even out the others; on the axes they came on."""
    centred = vectors - vectors.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))  # ascending
    kept = variances > variances[-1] * _NOUGHT
    kept[-LEFT_OUT:] = False
    scaled = axes[:, kept] * variances[kept] ** -EVENED
    return np.asarray(centred @ (scaled @ axes[:, kept].T), dtype=np.float64)


def _rarity(names: list[str]) -> Numbers:
    """Return the SIF weight of each token, (n,), its probability by Zipf's law from its rank."""
    ranks = np.arange(len(names), dtype=np.float64) - names.index(_FIRST_WORD) + 1
    for number, name in enumerate(names):
        bare = name.removeprefix("##")
        if len(bare) == 1:
            ranks[number] = _PUNCTUATION if not bare.isalnum() else _LETTER if bare.isascii() else _CHARACTER
    ranks = np.maximum(ranks, 1)
    probabilities = 1 / (ranks * (1 / np.arange(1, len(names) + 1)).sum())
    return np.asarray(RARE / (RARE + probabilities), dtype=np.float64)


def _kept(path: Path) -> Table | None:
    """Return the table that is kept, ``None`` where there is none or it is not as it was written."""
    try:
        if hashes.sha256(path) != _sum_of(path).read_text("utf-8").strip():
            return None
        found: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    plain: Table = found.view(np.ndarray)  # what mapped arrays do at each look costs more than the look
    return plain if plain.ndim == 2 and plain.dtype == np.float32 else None  # noqa: PLR2004 - rows of numbers


def _keep(path: Path, vectors: Table) -> None:
    """Write the table, then what tells whether it is whole."""
    with contextlib.suppress(OSError):  # nowhere to keep it: it is distilled each time
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as file:
            np.save(file, vectors, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        write_durably(_sum_of(path), hashes.sha256(path) + "\n")


def _sum_of(path: Path) -> Path:
    return path.with_suffix(".sha256")
