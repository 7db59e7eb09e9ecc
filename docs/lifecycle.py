"""Draws ``docs/lifecycle.md`` from ``workflows/lifecycle.toml``: ``python -m docs.lifecycle``."""

from pathlib import Path

from workflows.lifecycle import LIFECYCLE

TARGET = Path(__file__).with_name("lifecycle.md")


def page() -> str:
    """The page: every state with its words, and every action with where it leads and who may do it."""
    lines = [
        "# The life of a petition",
        "",
        "Drawn from `workflows/lifecycle.toml` by `python -m docs.lifecycle`; change it there.",
        "",
        "## States",
        "",
        "| state | staff read | the submitter reads | agency still owes something |",
        "|---|---|---|---|",
    ]
    for state in LIFECYCLE.states.values():
        owes = "yes" if state.open else "no"
        lines.append(f"| `{state.status}` | {state.vi} | {state.public_vi} | {owes} |")
    lines += [
        "",
        "## Actions",
        "",
        "| action | from | to | who may | leaves | coded reasons |",
        "|---|---|---|---|---|---|",
    ]
    for row in LIFECYCLE.transitions:
        sources = ", ".join(f"`{status}`" for status in LIFECYCLE.states if status in row.sources)
        target = f"`{row.to}`" if row.to else "the same"
        who = ", ".join(sorted(row.who))
        reasons = ", ".join(f"`{reason}`" for reason in row.reasons) or "none"
        lines.append(f"| `{row.action}` | {sources} | {target} | {who} | `{row.event}` | {reasons} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
