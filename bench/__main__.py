"""Everything that is measured, part by part: ``python -m bench [verbs] [classifier] [duplicates] [learning] [workflow]``."""

import sys

from bench import classifier, duplicates, learning, verbs, workflow

PARTS = {
    "verbs": verbs.main,
    "classifier": classifier.main,
    "duplicates": duplicates.main,
    "learning": learning.main,
    "workflow": workflow.main,
}


def main(names: list[str]) -> int:
    """Run the parts named, or all."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in names or PARTS:
        print(f"\n== {name}", flush=True)
        PARTS[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
