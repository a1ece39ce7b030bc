"""The landing store: received bytes, unchanged, addressed by their SHA-256.

In: bytes. Out: their address. What lies there is never overwritten, and is checked whenever it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
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
        with self.batch() as batch:
            return batch.put(content)

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """Store many at once: they lie in the store, and outlast a power cut, when the `with` block has ended."""
        batch = Batch(self)
        try:
            yield batch
            batch.settle()
        finally:
            batch.sweep()

    def get(self, sha256: str) -> bytes:
        """The bytes of an address; LandingError when they are gone or no longer what they were."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except OSError as found:
            raise LandingError(
                f"{path}: không đọc được, hãy phục hồi từ bản sao lưu. / cannot be read, restore it from a backup."
            ) from found
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LandingError(
                f"{path}: nội dung đã bị đổi, hãy phục hồi từ bản sao lưu. / its bytes have changed, restore a backup."
            )
        return content


@dataclass
class Batch:
    """Bytes on their way into the store: drafts beside their address until all of them are on the disk."""

    landing: Landing
    drafts: dict[Path, Path] = field(default_factory=dict)

    def put(self, content: bytes) -> str:
        """Write bytes; returns their address. LandingError when something else lies there."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.landing.path(sha256)
        if path.exists():
            self.landing.get(sha256)
        elif path not in self.drafts:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.drafts[path] = path.with_name(f".{sha256}.{os.getpid()}")
            # A process that was killed may have left a write-protected one.
            draft.unlink(missing_ok=True)
            draft.write_bytes(content)
            draft.chmod(0o444)
        return sha256

    def settle(self) -> None:
        """Bring the drafts to the disk and give them their names; an object under its name is never half there."""
        if not self.drafts:
            return
        # One sync for all: an fsync for each of 4,000 files takes several seconds.
        os.sync()
        for path, draft in self.drafts.items():
            draft.replace(path)
        for folder in {path.parent for path in self.drafts}:
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def sweep(self) -> None:
        """Take away what a broken batch left."""
        for draft in self.drafts.values():
            draft.unlink(missing_ok=True)
