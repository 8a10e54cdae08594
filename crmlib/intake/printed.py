"""What the command line prints of an intake."""

from __future__ import annotations

from crmlib.intake.report import IntakeReport


def summary(done: IntakeReport) -> str:
    """What the command line prints: the row ledger in a few lines.

    Args:
        done: The report.
    """
    whole, scale = done.orders, done.scale
    lines = [f"{'':12}{'rows':>14}{done.currency:>20}"]
    for kind in ("read", "used", "quarantined", "excluded"):
        rows, money = getattr(whole, f"rows_{kind}"), getattr(whole, f"amount_{kind}")
        lines.append(f"{kind:12}{rows:>14,}{money / scale:>20,.{0 if scale == 1 else 2}f}")
    for name in ("reasons", "exclusions", "repairs"):
        counts = ", ".join(f"{code} {count:,}" for code, count in getattr(whole, name).items())
        lines += [f"{name}: {counts}"] if counts else []
    for name, one in done.tables.items():
        if name != "orders":
            counts = f"read {one.rows_read:,}, used {one.rows_used:,}, quarantined {one.rows_quarantined:,}"
            lines.append(f"{name}: {counts}, excluded {one.rows_excluded:,}")
    return "\n".join([*lines, *(f"Warning: {warning}" for warning in done.warnings)])
