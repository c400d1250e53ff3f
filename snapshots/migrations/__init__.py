"""The steps from one schema to the next. Each is frozen at its release: it names tables and JSON as they were then."""
