"""From bytes to lines: the encoding, the markup, damage that is mended, cells with their places."""
