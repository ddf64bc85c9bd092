from __future__ import annotations

import hashlib
import itertools
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import settings
from index.encode import (
    DEFAULT_MODEL,
    eight_bits,
    forward,
    graph,
    model_files,
    open_encoder,
    question_graph,
    safetensors,
)
from index.encode.hashing import HashEncoder
from index.encode.light import LightEncoder
from index.encode.transformer import TransformerEncoder
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

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


QUESTIONS = [text for text in TEXTS if text.strip()] + [
    "who opposed the pipeline",
    "central bank raises interest rates to fight inflation",
    "ferry pilots strike over night shifts",
    "Was trägt die Stadt zum Umbau des Bahnhofs bei?",
]


@pytest.mark.model
def test_a_question_at_eight_bits_is_nearly_what_the_model_says(light: LightEncoder) -> None:
    quick = np.array([light.encode_question(text) for text in QUESTIONS])
    cosines = (quick * light.encode(QUESTIONS)).sum(axis=1)
    assert np.linalg.norm(quick, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert cosines.mean() > 0.999  # docs/quality.md: what that costs is not measurable
    assert cosines.min() > 0.998
    assert light.encode_question("").shape == (384,)


@pytest.mark.model
def test_a_question_always_has_the_same_vector(light: LightEncoder) -> None:
    first = [light.encode_question(text) for text in QUESTIONS]
    again = LightEncoder()
    with ThreadPoolExecutor(4) as pool:
        assert all(map(np.array_equal, first, pool.map(again.encode_question, QUESTIONS)))
    assert all(map(np.array_equal, first[::-1], map(LightEncoder().encode_question, reversed(QUESTIONS))))


@pytest.mark.model
def test_questions_leave_passages_exact(light: LightEncoder) -> None:
    alone = LightEncoder()
    alone.encode_question("war")
    assert alone._forward._few is None  # nothing but the question's own model was opened
    assert np.array_equal(alone.encode(["war"]), light.encode(["war"]))
    assert not np.array_equal(alone.encode(["war"])[0], alone.encode_question("war"))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.mark.model
def test_eight_bits_are_made_once_and_believed_only_as_they_were_made(own_cache: Path) -> None:
    asked: list[int] = []

    def exact() -> dict[str, NDArray[np.float32]]:
        asked.append(1)
        return graph.matrices(safetensors.tensors(model_files.packaged() / model_files.WEIGHTS))

    made = eight_bits.eight_bits(exact)
    file = own_cache / eight_bits.NAME
    assert hashlib.sha256(file.read_bytes()).hexdigest() == eight_bits.SHA256
    kept = eight_bits.eight_bits(exact)
    assert len(asked) == 1
    assert made.keys() == kept.keys()
    assert all(np.array_equal(made[name], kept[name]) for name in made)
    damaged = bytearray(file.read_bytes())
    damaged[1_000_000] ^= 4
    file.write_bytes(damaged)
    mended = eight_bits.eight_bits(exact)
    assert len(asked) == 2
    assert all(np.array_equal(made[name], mended[name]) for name in made)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == eight_bits.SHA256


@pytest.mark.model
def test_eight_bits_need_no_place_to_be_kept(own_cache: Path, light: LightEncoder) -> None:
    own_cache.write_text("a file where the folder would be")
    assert np.array_equal(LightEncoder().encode_question("war"), light.encode_question("war"))


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


def test_the_graphs_in_the_package_are_those_the_code_writes() -> None:
    assert graph.serialised() == graph.GRAPH.read_bytes()
    assert question_graph.serialised() == question_graph.QUESTION_GRAPH.read_bytes()


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
