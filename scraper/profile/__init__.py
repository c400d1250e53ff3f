"""Profiles: what differs from platform to platform, as data, and what may be wrong with it."""
