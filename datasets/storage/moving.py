"""Renaming that never overwrites: not a file, not an empty folder, not in a race."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

NO_REPLACE = 1  # RENAME_NOREPLACE of Linux
EXCLUSIVE = 4  # RENAME_EXCL of macOS
UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)  # says a file system that cannot
UNLINKED = (errno.EPERM, *UNKNOWN)  # says one without hard links, or any of a folder


def move(old: str, new: str, folder: int) -> None:
    """Give what lies in an open folder another name there; the last part of a link is never followed.

    Raises:
        FileExistsError: there is something of that name, and it stays as it is. OSError: it cannot be.
    """
    try:
        os.link(old, new, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in UNLINKED:
            raise
    else:
        os.unlink(old, dir_fd=folder)  # it has both names
        return
    code = _by_the_system(old, new, folder)
    if code == 0:
        return
    if code not in UNKNOWN:
        raise OSError(code, os.strerror(code), new)
    # A folder on a file system such as NFS: it refuses by itself to replace one that is not empty.
    try:
        os.lstat(new, dir_fd=folder)
    except FileNotFoundError:
        os.rename(old, new, src_dir_fd=folder, dst_dir_fd=folder)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)


def move_beside(path: Path, name: str) -> None:
    """Give a file another name in its folder, as ``move`` does."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        move(path.name, name, folder)
    finally:
        os.close(folder)


def _by_the_system(old: str, new: str, folder: int) -> int:
    """The error's number; 0 where it was done."""
    import ctypes  # only where something is renamed

    library = ctypes.CDLL(None, use_errno=True)
    source, target = os.fsencode(old), os.fsencode(new)
    try:
        if sys.platform == "darwin":
            done = library.renameatx_np(folder, source, folder, target, ctypes.c_uint(EXCLUSIVE))
        else:
            done = library.renameat2(folder, source, folder, target, ctypes.c_uint(NO_REPLACE))
    except AttributeError:  # an older C library
        return errno.ENOSYS
    return ctypes.get_errno() if done else 0
