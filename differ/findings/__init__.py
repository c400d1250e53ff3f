"""What does not add up, in the pages and between them."""
