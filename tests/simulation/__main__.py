"""`python -m tests.simulation SEED` replays one seed and tells its story; `A-B` runs a range, many at a time."""

import sys

from tests.simulation.world import World


def main() -> None:
    first, _, last = sys.argv[1].partition("-")
    for seed in range(int(first), int(last or first) + 1):
        world = World(seed)
        try:
            world.run()
        finally:
            if not last:
                print("\n".join(world.trace))
        if not last:
            print(f"seed {seed}: {world.reads} reads, {len(world.wechat.calls)} calls, all promises kept")


if __name__ == "__main__":
    main()
