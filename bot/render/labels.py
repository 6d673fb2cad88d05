"""Labels cut to what a channel shows."""

from __future__ import annotations

from knowledge_base.fold import cut, graphemes


def fit(label: str, limit: int) -> str:
    """`label`, or as much of it as fits in `limit` graphemes with an ellipsis at the end, cut
    between words where a word ends in the second half."""
    if sum(1 for _ in graphemes(label)) <= limit:
        return label
    kept = cut(label, max(limit - 1, 0))
    head, space, _ = kept.rpartition(" ")
    if space and sum(1 for _ in graphemes(head)) >= limit // 2:
        kept = head
    return kept.rstrip() + "…" if limit > 0 else ""
