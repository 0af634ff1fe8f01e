"""PostgreSQL: the journal of what came in, the chained events, what is read from them, the keys.

One file per table's queries. It knows the domain's models and nothing of HTTP, of Temporal, or of
what a sealed value says.
"""
