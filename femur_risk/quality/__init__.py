"""What limits the trust in a scan: flags with thresholds and published effects."""

from femur_risk.quality.assess import assess_scan

__all__ = ["assess_scan"]
