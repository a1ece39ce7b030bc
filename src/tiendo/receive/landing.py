"""The landing store: received bytes, unchanged, addressed by their SHA-256.

In: bytes. Out: their address. What lies there is never overwritten, and is checked whenever it is read.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


class LandingError(Exception):
    """The landing store does not hold what it should: a disk or a person has changed it."""


@dataclass(frozen=True)
class Landing:
    """A folder <root>/<first two of sha256>/<sha256>."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes of this address lie."""
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store bytes, whole or not at all; returns their address. Storing them again changes nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.exists():
            self._check(path, path.read_bytes(), sha256)
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{sha256}.{os.getpid()}")
        draft.write_bytes(content)
        if draft.stat().st_size != len(content):
            draft.unlink()
            raise LandingError(f"{path}: chưa ghi được trọn tệp. / could not be written in full.")
        draft.chmod(0o444)
        draft.replace(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of an address; LandingError when they are gone or no longer what they were."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except OSError as found:
            raise LandingError(
                f"{path}: không đọc được, hãy phục hồi từ bản sao lưu. / cannot be read, restore it from a backup."
            ) from found
        self._check(path, content, sha256)
        return content

    @staticmethod
    def _check(path: Path, content: bytes, sha256: str) -> None:
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LandingError(
                f"{path}: nội dung đã bị đổi, hãy phục hồi từ bản sao lưu. / its bytes have changed, restore a backup."
            )
