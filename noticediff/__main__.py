"""`python -m noticediff`."""

from noticediff.cli import main

if __name__ == "__main__":
    main(prog_name="noticediff")
