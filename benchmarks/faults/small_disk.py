"""A disk that is soon full: a file system in memory, which only root may mount, and not on every machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEGABYTES = 320  # a fresh cluster with its write-ahead log, and room for a thousand submissions


class NoSmallDiskError(Exception):
    """This machine does not let us mount one; the message says why."""


@contextmanager
def small_disk() -> Iterator[Path]:
    with TemporaryDirectory(prefix="soundings-disk-") as folder:
        options = f"size={MEGABYTES}m,mode=0755"
        try:
            _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoSmallDiskError(f"this machine does not let us mount a small disk ({error})") from error
        try:
            yield Path(folder)
        finally:
            _run("umount", folder)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
