"""Sentence encoders: a text as one vector whose direction is its meaning.

An encoder is a sentence-transformers model. One made of a static embedding and layers without
weights (ours is: `rong train-encoder`) is served with numpy, tokenizers and safetensors alone;
any other, from a folder or from the hub, by sentence-transformers, if that is installed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.settings import PROJECT
from knowledge_base.errors import EngineError

Array = NDArray[np.float32]

SERVED_BY_NUMPY = frozenset({"StaticEmbedding", "Normalize"})
"""The kinds of modules that `StaticEncoder` knows."""


class Encoder(Protocol):
    """Turns texts into vectors of length 1 (or 0, for a text without a known part)."""

    def encode(self, texts: Sequence[str]) -> Array:
        """Shape (len(texts), dimension)."""
        ...


class StaticEncoder:
    """The mean of the vectors of a text's tokens, which is what a StaticEmbedding computes."""

    def __init__(self, tokenizer: Any, vectors: Array) -> None:
        """`tokenizer`: a `tokenizers.Tokenizer`; `vectors`: (tokens, dimension)."""
        self._tokenizer = tokenizer
        self._vectors = vectors

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Read a sentence-transformers folder whose modules are all `SERVED_BY_NUMPY`.

        Raises `EngineError` where a file is missing or broken."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        place = folder / _modules(folder)[0]["path"]
        try:
            tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
            vectors = load_file(place / "model.safetensors")["embedding.weight"]
        except Exception as error:  # both libraries raise errors without a class of their own
            raise _broken(folder, error) from error
        tokenizer.no_padding()
        return cls(tokenizer, vectors.astype(np.float32))

    def encode(self, texts: Sequence[str]) -> Array:
        told = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        numbers = [tokens.ids for tokens in told]
        ends = np.cumsum([0, *map(len, numbers)], dtype=np.int32)
        columns = np.fromiter(chain.from_iterable(numbers), np.int32, ends[-1])
        held = np.ones(len(columns), np.float32), columns, ends
        sums = csr_matrix(held, shape=(len(numbers), len(self._vectors))) @ self._vectors
        return _unit(np.asarray(sums))  # a mean has the same direction


class TransformerEncoder:
    """Any other sentence-transformers model."""

    def __init__(self, name: str) -> None:
        """`name`: a folder, or a model of the hub, which is fetched the first time.

        Raises `EngineError` where sentence-transformers or the model is missing."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EngineError(
                f"config.yml: the encoder {name!r} is served by sentence-transformers, which is "
                "not installed; install it (the extra 'encoder' in pyproject.toml names the "
                f"versions) or name {OWN!r} there: {error}"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:  # each kind of model fails in its own way
            raise EngineError(
                f"config.yml: the encoder {name!r} is neither a sentence-transformers folder of "
                f"this project nor a model that can be fetched from the hub: {error}"
            ) from error

    def encode(self, texts: Sequence[str]) -> Array:
        found = self._model.encode(list(texts), show_progress_bar=False, convert_to_numpy=True)
        return _unit(np.asarray(found, dtype=np.float32))


OWN = "bot/encoding/model"
"""The project's own encoder, a folder below the project's."""


def load_encoder(name: str) -> Encoder:
    """The encoder `name`: a folder of the project, any other folder, or a model of the hub.

    Raises `EngineError` when it can't be loaded; the message says what to do."""
    folder = PROJECT / name
    if not (folder / "modules.json").is_file():
        return TransformerEncoder(str(folder) if folder.is_dir() else name)
    kinds = {module["type"].rpartition(".")[2] for module in _modules(folder)}
    if "StaticEmbedding" in kinds and kinds <= SERVED_BY_NUMPY:
        return StaticEncoder.load(folder)
    return TransformerEncoder(str(folder))


def encoder_files(name: str) -> list[Path]:
    """The files of the encoder `name` that lie here; none for a model of the hub."""
    return sorted(path for path in (PROJECT / name).rglob("*") if path.is_file())


def digest_of(name: str) -> str:
    """What changes when one of these files does."""
    digest = sha256()
    for path in encoder_files(name):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _modules(folder: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads((folder / "modules.json").read_text("utf-8"))
        return [{"type": str(one["type"]), "path": str(one["path"])} for one in found]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _broken(folder, error) from error


def _broken(folder: Path, error: Exception) -> EngineError:
    return EngineError(
        f"{folder}: not a whole sentence-transformers folder; `rong train-encoder` makes the "
        f"project's own anew: {error!r}"
    )


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = rows / np.where(lengths > 0, lengths, 1)
    return unit
