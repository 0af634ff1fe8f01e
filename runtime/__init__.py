"""The plumbing of the processes: engine, keys, servers, shutdown.

It knows Temporal and nothing of complaints.
"""
