"""PostgreSQL refuses to run as root, so root lends it a system user and lets that user pass.

Folders on the way get the right to be passed through, never to be listed; nothing changes for an
ordinary user, who runs the server as himself.
"""

import logging
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

NAME = "hotline-postgres"

logger = logging.getLogger(__name__)


def postgres_user() -> str | None:
    """The system user to run the server as; None for an ordinary user's own."""
    return NAME if os.geteuid() == 0 else None


def own_folder(folder: Path, user: str | None) -> None:
    """A folder that only the server's user may enter."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder.is_symlink() or not folder.is_dir():
            raise
    if user is not None:
        _ensure_exists(user)
        shutil.chown(folder, user, user)
    elif folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user")


def let_pass(user: str, *paths: Path) -> None:
    """Lets the user reach these paths, and read the programs below the last of them."""
    uid = pwd.getpwnam(user).pw_uid
    for path in paths:
        for folder in path.parents:
            _add(folder, stat.S_IXOTH, uid)
    installation = paths[-1]
    if not installation.stat().st_mode & stat.S_IXOTH:  # installed under a strict umask
        for path in (installation, *installation.rglob("*")):
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            _add(path, stat.S_IROTH | (stat.S_IXOTH if executable else 0), uid)


def _add(path: Path, bits: int, uid: int) -> None:
    status = path.stat()
    if status.st_uid != uid and status.st_mode & bits != bits:
        logger.info("%s is opened for %s", path, NAME)
        path.chmod(stat.S_IMODE(status.st_mode) | bits)


def _ensure_exists(user: str) -> None:
    try:
        pwd.getpwnam(user)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", user], check=True)
