"""The embedded default: a real Temporal server and a real PostgreSQL, shipped as wheels, run by us."""
