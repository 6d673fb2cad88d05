"""The assistant: its engine, words, channels, pages and commands."""

import os

# The vectors of one message are too short to be worth two threads, which spin while they wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
