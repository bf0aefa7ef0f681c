"""What operators type. Stdout is data, stderr is for people."""

from lingpai.cli.main import main

__all__ = ["main"]
