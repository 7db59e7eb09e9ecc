"""The read side: what pages, exports and commands show."""
