"""Scripts that make parts of the documentation from the project itself."""
