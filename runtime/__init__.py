"""The plumbing of the processes: engine, keys, servers, shutdown. Knows Temporal, knows nothing of complaints."""
