"""The user that PostgreSQL's programs run as. They refuse to run as root, so root must step down."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class UnusableAccountError(RuntimeError):
    """There is no user that root could run the server as."""


@dataclass(frozen=True)
class ServerAccount:
    """How to start the server's programs.

    uid and gid: the user to become, or None to stay who we are. wrapper: a command to put in front.
    """

    uid: int | None = None
    gid: int | None = None
    wrapper: tuple[str, ...] = ()

    def own(self, *paths: Path) -> None:
        """Give paths to the account."""
        if self.uid is not None and self.gid is not None:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def popen(
        self, command: Sequence[str], *, stdout: int | IO[bytes], stderr: int | IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, so that Ctrl-C in the terminal does not reach it."""
        return subprocess.Popen(  # noqa: S603 (programs and paths are ours)
            [*self.wrapper, *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},  # nothing of ours, above all no PG* variable
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            start_new_session=True,
            umask=0o077,
        )


def account_for(data: Path, programs: Path) -> ServerAccount:
    """The account for a data folder, which may not exist yet.

    For root: the owner of the data; for new data "nobody", if that user can reach both the folder and the programs;
    otherwise root inside a user namespace, where it has root's files but not root's power.
    """
    if os.geteuid() != 0:
        return ServerAccount()
    if data.exists():
        owner = data.stat()
        return ServerAccount(owner.st_uid, owner.st_gid) if owner.st_uid else _in_user_namespace(data)
    if _open_to_all(data.parent) and _open_to_all(programs):
        nobody = pwd.getpwnam("nobody")
        return ServerAccount(nobody.pw_uid, nobody.pw_gid)
    return _in_user_namespace(data)


def _open_to_all(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def _in_user_namespace(data: Path) -> ServerAccount:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "--user", "true"], capture_output=True, check=False).returncode:  # noqa: S603
        raise UnusableAccountError(
            f"PostgreSQL does not run as root, and no other user can reach {data}: "
            "set DATABASE_URL, start as an ordinary user, or choose a folder that other users may pass through"
        )
    return ServerAccount(wrapper=(unshare, "--user"))
