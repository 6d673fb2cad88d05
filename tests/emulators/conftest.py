from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def use_no_tls(no_tls: None) -> None: ...
