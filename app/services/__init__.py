"""The verbs. Each takes the session and ``now``, does one thing, and leaves the commit to its caller."""
