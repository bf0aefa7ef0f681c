"""Finding secrets before others do: what a WeChat project should not hold. Knows nothing of the server."""

from lingpai.scan.baseline import BaselineInvalidError, without_known
from lingpai.scan.findings import Finding, Report, Rule
from lingpai.scan.rules import RULES
from lingpai.scan.scanning import scan_tree

__all__ = ["RULES", "BaselineInvalidError", "Finding", "Report", "Rule", "scan_tree", "without_known"]
