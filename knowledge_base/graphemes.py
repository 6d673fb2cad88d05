"""Text by what a reader sees as one character: `ơ̆` is two code points and one character."""

from __future__ import annotations

import regex

_CLUSTER = regex.compile(r"\X")


def graphemes(text: str) -> list[str]:
    """The characters of `text` (grapheme clusters, Unicode annex 29)."""
    found: list[str] = _CLUSTER.findall(text)
    return found


def cut(text: str, limit: int) -> str:
    """`text`, or as much of it as fits in `limit` characters with an ellipsis at the end, cut
    between words where a word ends in the second half."""
    clusters = graphemes(text)
    if len(clusters) <= limit:
        return text
    kept = "".join(clusters[: max(limit - 1, 0)])
    head, space, _ = kept.rpartition(" ")
    if space and len(graphemes(head)) >= limit // 2:
        kept = head
    return (kept.rstrip() + "…") if limit > 0 else ""
