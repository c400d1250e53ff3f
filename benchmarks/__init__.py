"""How fast pages are read: `make bench`."""
