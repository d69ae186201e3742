"""The desk of the conversations' tests, for those against the misbehaving server."""

from __future__ import annotations

from tests.agent.chat.conftest import desk, published, shared_desk

__all__ = ["desk", "published", "shared_desk"]
