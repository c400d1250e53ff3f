"""The language of requirements and scopes: from the lines of a block to a tree, notes and references."""
