"""A backend on the standard library alone. Argument: a URL; prints its answer."""

import sys
from urllib.request import urlopen

with urlopen(sys.argv[1]) as answer:
    sys.stdout.write(answer.read().decode())
