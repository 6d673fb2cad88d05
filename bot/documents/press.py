"""Sets one document with typst: a program of its own, because typst keeps what it has set and
would add hundreds of megabytes to the server. Imports nothing of ours.

Standard input: JSON with `root`, `fonts`, `template` (paths) and `data`; output: the PDF.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def press() -> None:
    """Read the order, write the document."""
    import typst

    order = json.load(sys.stdin.buffer)
    compiler = typst.Compiler(
        root=order["root"], font_paths=[order["fonts"]], ignore_system_fonts=True
    )
    inputs = {"data": json.dumps(order["data"], ensure_ascii=False)}
    template = Path(order["template"]).read_bytes()
    result = compiler.compile(template, format="pdf", sys_inputs=inputs)
    sys.stdout.buffer.write(result if isinstance(result, bytes) else b"".join(result or ()))


if __name__ == "__main__":
    press()
