"""From an address or a file to what the page says: lines, then a notice or a catalogue."""

PARSER_VERSION = "9"
"""Grows whenever the same page would be read differently."""
