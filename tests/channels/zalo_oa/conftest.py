from __future__ import annotations

import pytest


@pytest.fixture
def channel_name() -> str:
    return "zalo_oa"
