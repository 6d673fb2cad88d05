"""Trains the encoder with sentence-transformers and writes its folder."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.encoding.pairs import Pair
from bot.model_folders import put_in_place, refuse_others
from knowledge_base.errors import EngineError


@dataclass(frozen=True)
class Recipe:
    """How the encoder is trained. `dimension` of a vector; `vocabulary`: most tokens; `epochs`;
    `batch`: pairs told apart from each other at a time; `rate`: the greatest learning rate."""

    dimension: int = 128
    vocabulary: int = 8000
    epochs: int = 8
    batch: int = 256
    rate: float = 0.03
    seed: int = 20261128


def train(pairs: Mapping[str, Sequence[Pair]], recipe: Recipe, target: Path) -> float:
    """Write a sentence-transformers folder to `target`; gives the mean loss.

    Each text of a pair is to be nearer to the other than to any other of the batch (Henderson
    et al. 2017, Efficient Natural Language Response Suggestion for Smart Reply, multiple
    negatives). Raises `EngineError` when sentence-transformers is not installed, or where
    `target` holds something that is no encoder."""
    refuse_others(target, "modules.json", "an encoder")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import torch
        from datasets import Dataset
        from sentence_transformers import (
            SentenceTransformer,
            SentenceTransformerTrainer,
            SentenceTransformerTrainingArguments,
        )
        from sentence_transformers.base.sampler import BatchSamplers, MultiDatasetBatchSamplers
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    except ImportError as error:
        raise EngineError(
            f"training the encoder needs the extra 'encoder' of pyproject.toml: {error}"
        ) from error
    torch.manual_seed(recipe.seed)
    tokenizer = _tokenizer(
        (text for rows in pairs.values() for pair in rows for text in pair), recipe
    )
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_dim=recipe.dimension), Normalize()],
        device="cpu",
    )
    data = {
        name: Dataset.from_dict({"anchor": [a for a, _ in rows], "positive": [b for _, b in rows]})
        for name, rows in pairs.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        trainer = SentenceTransformerTrainer(
            model=model,
            args=SentenceTransformerTrainingArguments(
                output_dir=folder,
                num_train_epochs=recipe.epochs,
                per_device_train_batch_size=recipe.batch,
                learning_rate=recipe.rate,
                warmup_steps=0.1,
                batch_sampler=BatchSamplers.NO_DUPLICATES,
                multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
                seed=recipe.seed,
                use_cpu=True,
                save_strategy="no",
                logging_strategy="epoch",
                report_to=[],
                disable_tqdm=True,
            ),
            train_dataset=data,
            loss=MultipleNegativesRankingLoss(model),
        )
        loss = float(trainer.train().training_loss)
        made = Path(folder) / "model"
        model.save_pretrained(str(made), create_model_card=False)
        put_in_place(made, target)
    return loss


def _tokenizer(texts: Iterable[str], recipe: Recipe) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(
        sorted(set(texts)),
        trainers.UnigramTrainer(
            vocab_size=recipe.vocabulary,
            special_tokens=["[UNK]"],
            unk_token="[UNK]",
            show_progress=False,
        ),
    )
    return Tokenizer.from_str(json.dumps(_in_order(json.loads(tokenizer.to_str()))))


def _in_order(made: dict[str, Any]) -> dict[str, Any]:
    """A tokenizer with its tokens in an order of their own. They come in that of their scores,
    whose last digits differ from one training to the next; which token has which number decides
    what vector it starts from."""
    unknown, *others = made["model"]["vocab"]
    rounded = [(token, round(score, 6)) for token, score in others]
    made["model"]["vocab"] = [unknown, *sorted(rounded, key=lambda one: (-one[1], one[0]))]
    return made
