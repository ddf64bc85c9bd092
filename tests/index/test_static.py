from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import settings
from index.encode import DEFAULT_MODEL, STATIC_MODEL, distil, open_encoder
from index.encode.static import StaticEncoder
from index.errors import UsageError
from index.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from index.encode.distil import Numbers, Table

TEXTS = [
    "The ferry was late, said the pilots.",
    "",
    " \n",
    "中国人民 العراق ёлка 👩\u200d🚀 \ud800 naïve don’t",
    "Teachers walked out of every school on Tuesday.\x00",
    "x" * 200,
]


@pytest.fixture(scope="module")
def told() -> Numbers:
    """What the model makes of each token: seconds, and once for this file."""
    found: list[Numbers] = []
    tell = distil._told
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distil, "_told", lambda *given: found.append(tell(*given)) or found[0])
        distil.distilled()
    return found[0]


@pytest.fixture(scope="module")
def table(told: Numbers) -> Table:
    """The real table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distil, "_told", lambda *_given: told)
        return distil.distilled()


@pytest.fixture
def cache(tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache directory of this test alone; distilling again is seen and costs nothing."""
    monkeypatch.setattr(settings, "cache_dir", lambda: tmp_path)
    monkeypatch.setattr(distil, "distilled", lambda: table)
    return tmp_path


@pytest.mark.model
def test_texts_of_like_words_are_alike(cache: Path) -> None:
    encoder = StaticEncoder()
    vectors = encoder.encode(
        ["The ferry to the island was late.", "A ship arrived after its time.", "Parliament passed the tax bill."]
    )
    ferry, ship, tax = vectors
    assert ferry @ ship > 0.2 > ferry @ tax
    assert np.linalg.norm(encoder.encode(TEXTS), axis=1) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.model
def test_words_remembered_change_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = StaticEncoder()
    tokenizer, table = whole._loaded()
    expected = [
        tokens.ids
        for tokens in tokenizer.encode_batch([t.replace("\ud800", "?") for t in TEXTS], add_special_tokens=False)
    ]
    assert whole._tokens(TEXTS, tokenizer) == expected
    assert whole._tokens(TEXTS, tokenizer) == expected
    monkeypatch.setattr("index.encode.static.REMEMBERED", 3)
    assert whole._tokens(TEXTS, tokenizer) == expected
    assert table.shape == (tokenizer.get_vocab_size(), 384)


@pytest.mark.model
def test_distilling_elsewhere_gives_the_same_vectors(told: Numbers, table: Table) -> None:
    """Other rounding, as on another machine, must not turn the vectors elsewhere."""
    noise = np.random.default_rng(1).normal(scale=1e-5, size=told.shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distil, "_told", lambda *_given: told + noise)
        again = distil.distilled()
    kept = np.linalg.norm(table, axis=1) > 0
    cosines = (table * again).sum(axis=1)[kept] / np.linalg.norm(table[kept], axis=1)
    assert (cosines / np.linalg.norm(again[kept], axis=1)).min() > 0.9999


@pytest.mark.model
def test_rare_words_weigh_more_than_frequent_ones(cache: Path) -> None:
    tokenizer, table = StaticEncoder()._loaded()
    weights = distil._rarity([tokenizer.id_to_token(number) for number in range(len(table))])
    told = [weights[tokenizer.token_to_id(word)] for word in (".", "school", "estuary")]
    assert all(less < more for less, more in pairwise(told))
    assert not table[tokenizer.token_to_id("[UNK]")].any()


@pytest.mark.model
def test_a_damaged_table_is_distilled_again(cache: Path) -> None:
    whole = StaticEncoder().encode(TEXTS)
    (path,) = cache.glob("static-*.npy")
    for content in (path.read_bytes()[:-4] + b"\0\0\0\1", b"", b"\x80\x04pickle"):
        path.write_bytes(content)
        assert (StaticEncoder().encode(TEXTS) == whole).all()
        assert path.stat().st_size > 1_000_000  # written anew


@pytest.mark.model
def test_a_query_needs_neither_torch_nor_a_runtime(table: Table, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index import settings\n"
        f"settings.cache_dir = lambda: Path({str(tmp_path)!r})\n"
        "from index.encode import open_encoder\n"
        "open_encoder('static').encode(['storm flood'])\n"
        "assert not {'torch', 'onnxruntime', 'sentence_transformers'} & sys.modules.keys(), 'loaded too much'\n"
    )
    distil._keep(tmp_path / f"static-{distil.RECIPE}.npy", table)
    subprocess.run([sys.executable, "-c", program], check=True)


def test_settings_choose_the_static_encoder() -> None:
    assert Settings().passages_model == DEFAULT_MODEL
    assert Settings(encoder="static").passages_model == STATIC_MODEL
    assert Settings(encoder="static", model="none").passages_model == "none"
    assert Settings(encoder="model", model="hash").passages_model == "hash"
    assert open_encoder(STATIC_MODEL).card.name == STATIC_MODEL
    for wrong in (Settings(encoder="static", model="hash"), Settings(encoder="quick")):
        with pytest.raises(UsageError):
            _ = wrong.passages_model
