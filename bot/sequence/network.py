"""The network of `bot.components.text.sequence` in torch, to be trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bot.components.text.sequence import PIECES, Vocabulary, Words

NEVER = -1e4
"""What speaks for a class that a question does not have, and for a word that is not there."""


class Batch:
    """Messages side by side, filled up with 0 (words) and `PIECES`: (messages, words[, pieces])."""

    def __init__(self, messages: Sequence[Words]) -> None:
        longest = max(len(one.folded) for one in messages)
        shape = (len(messages), longest)
        folded, stripped = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        pieces = np.full((*shape, messages[0].pieces.shape[1]), PIECES)
        for row, one in enumerate(messages):
            count = len(one.folded)
            folded[row, :count], stripped[row, :count] = one.folded, one.stripped
            pieces[row, :count] = one.pieces
        self.folded, self.stripped = torch.from_numpy(folded), torch.from_numpy(stripped)
        self.pieces = torch.from_numpy(pieces)
        self.there = self.folded > 0
        self.lengths = self.there.sum(1)


class Network(nn.Module):
    """`forward` gives what speaks for each class of one question a message, (pairs, classes of the
    question with the most), and for each intent, (messages, intents)."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        classes: Mapping[str, Sequence[str]],
        intents: int,
        word: int,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.folded = nn.Embedding(len(vocabulary.folded) + 2, word, padding_idx=0)
        self.stripped = nn.Embedding(len(vocabulary.stripped) + 2, word, padding_idx=0)
        self.pieces = nn.Embedding(PIECES + 1, word, padding_idx=PIECES)
        for table in (self.folded, self.stripped, self.pieces):
            nn.init.normal_(table.weight, 0, 0.1)
            with torch.no_grad():
                table.weight[table.padding_idx] = 0
        self.rnn = nn.GRU(word, hidden, batch_first=True, bidirectional=True)
        counts = [len(names) for names in classes.values()]
        self.queries = nn.Parameter(torch.randn(len(counts) + 1, 2 * hidden) * 0.05)
        self.weights = nn.Parameter(torch.randn(sum(counts), 4 * hidden) * 0.02)
        self.bias = nn.Parameter(torch.zeros(sum(counts)))
        self.intents = nn.Linear(4 * hidden, intents)
        self.dropout = nn.Dropout(dropout)
        starts = np.cumsum([0, *counts[:-1]])
        columns = np.full((len(counts), max(counts)), -1)
        for row, (start, count) in enumerate(zip(starts, counts, strict=True)):
            columns[row, :count] = np.arange(start, start + count)
        self.columns = torch.from_numpy(columns)

    def forward(self, batch: Batch, row: Tensor, question: Tensor) -> tuple[Tensor, Tensor]:
        """`row`, `question`: which question each pair asks of which message, (pairs,)."""
        hidden, looks = self._hidden(batch)
        strongest = hidden.masked_fill(~batch.there[..., None], NEVER).max(1).values
        attended = torch.einsum("pl,plh->ph", looks[row, :, question], hidden[row])
        features = torch.cat([attended, strongest[row]], -1)
        columns = self.columns[question]
        weights = self.weights[columns.clamp(min=0)]
        margins = (weights * features[:, None]).sum(-1) + self.bias[columns.clamp(min=0)]
        of_all = torch.einsum("bl,blh->bh", looks[:, :, -1], hidden)
        return (
            margins.masked_fill(columns < 0, NEVER),
            self.intents(torch.cat([of_all, strongest], -1)),
        )

    def _hidden(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What is known at each word, (messages, words, 2h), and how much each question looks at
        it, (messages, words, questions + 1)."""
        count = (batch.pieces < PIECES).sum(2, keepdim=True).clamp(min=1).float()
        words = self.folded(batch.folded) + self.stripped(batch.stripped)
        words = self.dropout(words + self.pieces(batch.pieces).sum(2) / count.sqrt())
        packed = nn.utils.rnn.pack_padded_sequence(
            words, batch.lengths, batch_first=True, enforce_sorted=False
        )
        hidden, _ = nn.utils.rnn.pad_packed_sequence(
            self.rnn(packed)[0], batch_first=True, total_length=batch.folded.shape[1]
        )
        hidden = self.dropout(hidden)
        looks = (hidden @ self.queries.T).masked_fill(~batch.there[..., None], NEVER)
        return hidden, looks.softmax(1)

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """The weights as `SequenceModel` takes them."""
        size = self.rnn.hidden_size

        def both(name: str) -> Tensor:
            found = [getattr(self.rnn, f"{name}_l0{end}") for end in ("", "_reverse")]
            return torch.stack([one.T if one.dim() == 2 else one for one in found])

        found = {
            "folded": self.folded.weight,
            "stripped": self.stripped.weight,
            "pieces": self.pieces.weight,
            "inputs": both("weight_ih"),
            "inputs_bias": both("bias_ih"),
            "states": both("weight_hh"),
            "states_bias": both("bias_hh"),
            "queries": self.queries[:-1],
            "attended": self.weights[:, : 2 * size],
            "strongest": self.weights[:, 2 * size :],
            "bias": self.bias,
        }
        return {
            name: np.ascontiguousarray(weight.detach().numpy().astype(np.float16))
            for name, weight in found.items()
        }
