"""Runs a command that dies with the process that started it: `python -m runtime.tether ...`.

A supervisor killed with -9 cannot stop its children. On Linux the kernel does it instead: the
signal named here reaches the command when its parent goes. Elsewhere the next start finds the
leftovers by their pid files. Being a program of its own, it needs no code between fork and exec.
"""

import argparse
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def tethered(
    command: Sequence[str],
    parting: signal.Signals = signal.SIGTERM,
    system_user: str | None = None,
) -> list[str]:
    """The command line that runs `command` tethered to the calling process."""
    tether = [sys.executable, "-m", "runtime.tether", f"--parent={os.getpid()}"]
    tether.append(f"--signal={parting.value}")
    if system_user is not None:
        tether.append(f"--user={system_user}")
    return [*tether, "--", *command]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if arguments.user is not None:
        _become(arguments.user)
    if sys.platform == "linux":
        # After the change of user, which would clear it; it survives the exec below.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, arguments.signal, 0, 0, 0)
    if os.getppid() != arguments.parent:
        sys.exit(0)  # the parent died before the tether held
    os.execvp(arguments.command[0], arguments.command)


def _become(system_user: str) -> None:
    entry = pwd.getpwnam(system_user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    main()
