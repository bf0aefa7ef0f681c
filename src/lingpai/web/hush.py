"""Closing a listening socket without losing a connection that was just made.

What waits in the queue of a listening socket when it closes is reset by the kernel; its client may have sent a
request already, and no proxy dares to send a POST again. So the kernel is told to drop new handshakes first: the
client's kernel tries again a second later and is refused then, which every proxy may answer by going elsewhere.
Handshakes under way come to their end meanwhile, and are taken from the queue.
"""

import ctypes
import select
import socket
import struct
import sys
from contextlib import suppress
from typing import Final

SECONDS: Final = 0.02
"""How long a handshake under way may take: a round trip between machines that stand together."""

_SO_ATTACH_FILTER: Final = 26
# Instructions of the kernel's packet filter (linux/filter.h): operation, jump if true, jump if false, value.
_DROP_NEW_HANDSHAKES: Final = (
    (0x30, 0, 0, 13),  # load the byte with the TCP flags
    (0x54, 0, 0, 0x12),  # of them SYN and ACK
    (0x15, 0, 1, 0x02),  # SYN alone begins a handshake
    (0x06, 0, 0, 0),  # drop it
    (0x06, 0, 0, 0xFFFFFFFF),  # let anything else through
)


def has_come(descriptor: int) -> bool:
    """Whether a socket has something that nobody took yet: a connection, bytes, an end."""
    asking = select.poll()
    asking.register(descriptor, select.POLLIN)
    return bool(asking.poll(0))


def refuse_handshakes(sock: socket.socket) -> bool:
    """Let no new handshake begin on a listening TCP socket. False where the kernel has no such filter."""
    if not sys.platform.startswith("linux"):
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _DROP_NEW_HANDSHAKES)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("@HP", len(_DROP_NEW_HANDSHAKES), ctypes.addressof(kept))
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
        return True
    return False
