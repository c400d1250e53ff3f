"""The command line: options, streams and exit codes; what a command does is done elsewhere, and imported when run."""

from noticediff.cli.program import main

__all__ = ["main"]
