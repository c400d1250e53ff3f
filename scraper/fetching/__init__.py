"""Pages and where they come from: the web, files, lists of links."""
