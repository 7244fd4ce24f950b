"""Run the servers as somebody else when we are root, because PostgreSQL refuses to serve root.

The keeper becomes an unprivileged user and keeps one capability, CAP_DAC_OVERRIDE, which the servers inherit
(ambient). With it they reach data folder and programs where they are, below a private /root for instance,
and no mode or owner of any existing folder changes. What else was tried: a user namespace needs no
capability, but containers forbid it; CAP_DAC_READ_SEARCH is less, but containers do not grant it; opening
folders to everybody is what we are here to avoid.

SECBIT_NO_SETUID_FIXUP matters: without it access(2) ignores the capability, and PostgreSQL asks access(2)
whether its own program can be executed.
"""

import ctypes
import os
import pwd
import struct
import sys
from pathlib import Path

from scrum_storage.embedded.errors import NotAsRoot

_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_PR_SET_NO_NEW_PRIVS = 38
_VERSION_3 = 0x20080522  # of capget and capset: two words for each of effective, permitted, inheritable
_DAC_OVERRIDE = 1
_NEEDED = {"DAC_OVERRIDE": _DAC_OVERRIDE, "SETGID": 6, "SETUID": 7, "SETPCAP": 8}


def leave_root(data: Path) -> None:
    """Become the owner of PostgreSQL's data, or `nobody` where there is none. Raises NotAsRoot."""
    if os.geteuid() != 0:
        return
    if sys.platform != "linux":
        raise NotAsRoot(f"{sys.platform} has no capabilities")
    libc = ctypes.CDLL(None, use_errno=True)
    user = _user(data)
    try:
        if missing := _missing(libc):
            raise NotAsRoot(f"it has no capability {', '.join(missing)}")
        _become(libc, user)
    except OSError as error:
        raise NotAsRoot(f"the system refuses it: {error.strerror}") from error


def _user(data: Path) -> int:
    """The server refuses data of another owner."""
    owner = data.stat().st_uid if data.exists() else 0
    if owner:
        return owner
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError as error:
        raise NotAsRoot("the system has no user 'nobody'") from error


def _missing(libc: ctypes.CDLL) -> list[str]:
    """Asked beforehand: half-way there we could no longer say what is wrong."""
    sets = ctypes.create_string_buffer(24)
    _succeeded(libc.capget(struct.pack("=Ii", _VERSION_3, 0), sets))
    permitted = struct.unpack("=6I", sets.raw)[1]
    return [name for name, bit in _NEEDED.items() if not permitted >> bit & 1]


def _become(libc: ctypes.CDLL, user: int) -> None:
    kept = 1 << _DAC_OVERRIDE
    _succeeded(libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    sets = struct.pack("=6I", kept, kept, kept, 0, 0, 0)
    _succeeded(libc.capset(struct.pack("=Ii", _VERSION_3, 0), sets))
    _succeeded(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _DAC_OVERRIDE, 0, 0))
    _succeeded(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _succeeded(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
