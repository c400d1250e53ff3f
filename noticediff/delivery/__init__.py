"""What leaves the store: digest files, the feed, and messages on their ways."""
