"""What limits the trust in a scan: flags with thresholds and published effects."""

from femur_risk.quality.assess import assess_scan
from femur_risk.quality.flag import QualityFlag, Severity

__all__ = ["QualityFlag", "Severity", "assess_scan"]
