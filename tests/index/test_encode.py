from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encode import DEFAULT_MODEL, forward, graph, model_files, open_encoder
from index.encode.hashing import HashEncoder
from index.encode.light import LightEncoder
from index.encode.transformer import TransformerEncoder
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "war",
    "Iran’s ferry pilots say it is late.",
    "中国人民 العراق ёлка 👩\u200d🚀 \ud800",
    "",
    "long " * 400,
    "Teachers walked out of every school in the district on Tuesday, the union said.",
]


@pytest.fixture(scope="module")
def light() -> LightEncoder:
    return LightEncoder()


@pytest.mark.model
def test_the_light_encoder_agrees_with_sentence_transformers(light: LightEncoder) -> None:
    judge = TransformerEncoder(str(model_files.locate(DEFAULT_MODEL)), may_fetch=False)
    texts = [text.encode("utf-8", "replace").decode() for text in TEXTS]
    cosines = (light.encode(TEXTS) * judge.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.9999
    assert judge.card.dimension == light.card.dimension
    assert judge.card.window == light.card.window
    assert judge.windows(texts) == light.windows(texts)


@pytest.mark.model
def test_vectors_are_unit_and_do_not_depend_on_the_batch(light: LightEncoder) -> None:
    together = light.encode(TEXTS * 3)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    for row, text in enumerate(TEXTS):
        assert light.encode([text])[0] == pytest.approx(together[row], abs=1e-5)
    assert light.encode([]).shape == (0, 384)


@pytest.mark.model
def test_many_texts_have_the_vectors_of_few(light: LightEncoder) -> None:
    texts = [f"{'the tide came in and ' * (n % 40)} number {n}" for n in range(60)]
    few = np.concatenate([light.encode([text]) for text in texts])
    assert light.encode(texts) == pytest.approx(few, abs=1e-5)


@pytest.mark.model
def test_no_thread_of_the_model_spins_after_a_run(light: LightEncoder) -> None:
    for session, threads in ((light._forward._for_few(), 0), (light._forward._for_many(), 1)):
        options = session.get_session_options()
        assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
        assert options.intra_op_num_threads == threads


@given(st.lists(st.integers(0, 300), max_size=50), st.integers(1, 500))
def test_batches_take_every_text_once_within_bounds(lengths: list[int], most: int) -> None:
    found = forward.batches(lengths, most)
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= max(most, len(batch))
    longest = [max(lengths[place] for place in batch) for batch in found]
    assert longest == sorted(longest, reverse=True)


def test_many_texts_go_to_cuda_where_there_is_any() -> None:
    assert forward.providers(["AzureExecutionProvider", "CPUExecutionProvider"]) == ("CPUExecutionProvider",)
    chosen = forward.providers(["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"])
    assert chosen == (("CUDAExecutionProvider", {"use_tf32": "0"}), "CPUExecutionProvider")


def test_windows_cover_the_text_and_overlap(light: LightEncoder) -> None:
    text = " ".join(f"word{number}" for number in range(1000))
    (spans,) = light.windows([text])
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert all(right[0] < left[1] for left, right in itertools.pairwise(spans))
    assert all(light.windows([text[start:end]]) == [[(0, end - start)]] for start, end in spans)


def test_the_graph_in_the_package_is_the_one_the_code_writes() -> None:
    assert graph.serialised() == graph.GRAPH.read_bytes()


@given(st.lists(st.text(max_size=60), max_size=5))
def test_hash_vectors_are_unit_and_deterministic(texts: list[str]) -> None:
    vectors = HashEncoder().encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert (vectors == HashEncoder().encode(texts)).all()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A model folder beside the real one, its weights linked."""
    real = model_files.locate(DEFAULT_MODEL)
    assert real is not None
    folder = tmp_path / "model"
    shutil.copytree(real, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / model_files.WEIGHTS).symlink_to(real / model_files.WEIGHTS)
    return folder


def test_changed_weights_are_refused(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied / model_files.WEIGHTS).unlink()
    (copied / model_files.WEIGHTS).write_bytes(b"other")
    monkeypatch.setattr(model_files, "packaged", lambda: copied)
    with pytest.raises(ModelError, match="not the expected file"):
        LightEncoder()


def test_a_model_with_code_of_its_own_is_refused(copied: Path) -> None:
    (copied / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]')
    with pytest.raises(ModelError, match="its own code"):
        model_files.verify("x", copied)


def test_weights_that_are_not_safetensors_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match="safetensors"):
        open_encoder(str(tmp_path)).card  # noqa: B018 - the property loads
