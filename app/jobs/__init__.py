"""Work outside a request: the outbox relay, its tasks, RQ, and the one declared schedule."""
