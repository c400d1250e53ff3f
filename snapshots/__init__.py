"""The domain types, what is known, how it is kept, and how the state of a date is rebuilt."""
