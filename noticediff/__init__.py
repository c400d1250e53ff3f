"""The command line and the wiring: the clock, the environment and the exit codes live here."""
