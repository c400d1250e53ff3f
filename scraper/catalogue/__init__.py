"""Catalogues and listings: headings and tables to entries."""
