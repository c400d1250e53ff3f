"""From an address or a file to what the page says: lines, then a notice or a catalogue."""
