"""The signs of a period as a file. The same report gives the same bytes."""

import csv
import io

from app.queries.signals import SignalReport
from app.services.satisfaction_files import harmless
from workflows.signals import DEFINITIONS

COLUMNS = (
    "first_day", "last_day", "method_version", "signal", "label_vi", "label_en", "code", "name_vi", "name_en",
    "count", "base", "share", "low", "high", "others", "worth_a_look",
)  # fmt: skip


def csv_file(report: SignalReport) -> bytes:
    """One line for each sign and agency with a case: UTF-8 with BOM, RFC 4180. Shares lie in 0..1."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for signal in DEFINITIONS.signals:
        for found in report.of(signal):
            name = report.names[found.agency]
            rows.writerow(
                [
                    report.period.first.isoformat(),
                    report.period.last.isoformat(),
                    DEFINITIONS.version,
                    signal.name,
                    signal.label_vi,
                    signal.label_en,
                    *map(harmless, (name.code, name.name_vi, name.name_en)),
                    found.count,
                    found.base,
                    *(_decimal(value) for value in (found.share, found.low, found.high, found.others)),
                    "yes" if found.worth_a_look else "no",
                ]
            )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
