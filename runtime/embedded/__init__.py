"""The embedded default: a real Temporal server and a real PostgreSQL, from wheels."""
