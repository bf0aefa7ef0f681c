"""How much is sent: a full run of some minutes, or a quick one."""

import argparse
from pathlib import Path
from typing import Final

import msgspec


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a round, by what they cost."""

    rounds: int
    cheap: int
    """To nginx and to the trivial answers."""
    ours: int
    """To lingpai."""
    dear: int
    """To the usual kind of server."""
    known: int
    """People who were there before the first round."""
    connections: int = 64
    waiting: int = 256
    """Connections at once when WeChat is slow."""
    results: Path | None = None


_FULL: Final = Scale(rounds=7, cheap=10_000, ours=5_000, dear=400, known=500)
_QUICK: Final = Scale(rounds=2, cheap=4_000, ours=2_500, dear=200, known=200)


def asked_for(words: str) -> Scale:
    """The scale the command line asks for."""
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--quick", action="store_true", help="two short rounds: about 20 seconds")
    parser.add_argument("--rounds", type=int, help="rounds to take")
    parser.add_argument("--requests", type=int, help="requests to lingpai a round; the others in proportion")
    parser.add_argument("--connections", type=int, help="connections at once")
    parser.add_argument("--results", type=Path, help="folder for the JSON copy (default: bench/results)")
    given = parser.parse_args()
    scale = _QUICK if given.quick else _FULL
    if given.requests:
        scale = msgspec.structs.replace(
            scale,
            cheap=given.requests * 2,
            ours=given.requests,
            dear=max(10, given.requests // 12),
            known=max(10, given.requests // 10),
        )
    if given.connections:
        scale = msgspec.structs.replace(scale, connections=given.connections, waiting=given.connections * 4)
    return msgspec.structs.replace(scale, rounds=given.rounds or scale.rounds, results=given.results)
