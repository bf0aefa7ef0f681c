"""A disk that fails on demand, below SQLite: a VFS (https://www.sqlite.org/vfs.html) over the usual one."""

import _sqlite3
import ctypes
from typing import Final, Literal

FULL: Final = 13  # what ENOSPC becomes, https://www.sqlite.org/rescode.html
WRITE_FAILED: Final = 10 | 3 << 8  # EIO on write
SYNC_FAILED: Final = 10 | 4 << 8  # EIO on fsync
_SHIMMED: Final = 0x100 | 0x80000  # the database and its write-ahead log
Where = Literal["write", "sync"]

_Xopen = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_Xio = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_Xsync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_name", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 15),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p),
        ("sync", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 13),
    )


class FaultyDisk:
    """From its making on, every SQLite file of this process is on it."""

    def __init__(self, where: Where, code: int, *, half: bool = False, drops: bool = False) -> None:
        """`half`: what fails to be written is written to its half. `drops`: after a failed fsync, what was
        written since the last one is not there, as when a kernel drops the pages that it could not write.
        """
        self.where: Final = where
        self._code: Final = code
        self._half: Final = half
        self._drops: Final = drops
        self._good = -1
        self._fails = False
        self._undo: Final[dict[int, list[tuple[int, bytes]]]] = {}
        self._methods: Final[dict[int, _Methods]] = {}
        self._open, self._write, self._sync = _Xopen(self._opened), _Xio(self._written), _Xsync(self._synced)
        self._install()

    def fail(self) -> None:
        """From now on, always."""
        self._fails = True

    def fail_once_after(self, good: int) -> None:
        """Let so many pass, then fail once."""
        self._good = good

    def mend(self) -> None:
        self._fails, self._good = False, -1

    def _install(self) -> None:
        # Some builds of Python have SQLite in themselves.
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        below = library.sqlite3_vfs_find(None).contents
        self._open_below = _Xopen(below.open)
        self._vfs = _Vfs.from_buffer_copy(below)
        self._vfs.next, self._vfs.name = None, b"faulty"
        self._vfs.open = ctypes.cast(self._open, ctypes.c_void_p)
        if library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) != 0:
            raise RuntimeError("SQLite takes no other VFS")

    def _opened(self, vfs: int, name: int, file: int, flags: int, out: int) -> int:
        code: int = self._open_below(vfs, name, file, flags, out)
        if code == 0 and flags & _SHIMMED:
            self._shim(file)
        return code

    def _shim(self, file: int) -> None:
        methods = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        found = _Methods.from_address(methods[0] or 0)
        self._read_below, self._write_below = _Xio(found.read), _Xio(found.write)
        self._sync_below = _Xsync(found.sync)
        own = _Methods.from_buffer_copy(found)
        own.write = ctypes.cast(self._write, ctypes.c_void_p)
        own.sync = ctypes.cast(self._sync, ctypes.c_void_p)
        self._methods[file] = own
        self._undo[file] = []
        methods[0] = ctypes.addressof(own)

    def _written(self, file: int, data: int, size: int, at: int) -> int:
        if self._struck("write"):
            if self._half:
                self._write_below(file, data, size // 2, at)
            return self._code
        if self._drops:
            before = ctypes.create_string_buffer(size)
            self._read_below(file, ctypes.addressof(before), size, at)
            self._undo[file].append((at, before.raw))
        return int(self._write_below(file, data, size, at))

    def _synced(self, file: int, flags: int) -> int:
        if not self._struck("sync"):
            self._undo[file].clear()
            return int(self._sync_below(file, flags))
        for at, before in reversed(self._undo[file]):
            self._write_below(
                file, ctypes.cast(ctypes.c_char_p(before), ctypes.c_void_p).value, len(before), at
            )
        self._undo[file].clear()
        return self._code

    def _struck(self, where: Where) -> bool:
        if where != self.where:
            return False
        if self._good == 0:
            self._good = -1
            return True
        if self._good > 0:
            self._good -= 1
        return self._fails
