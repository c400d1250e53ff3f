"""Notices: frames, tables and sentences to entries."""
