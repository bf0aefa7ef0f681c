"""Every case of the corpus: what has to be found is found, on its line, and nothing else."""

from pathlib import Path

import pytest

from lingpai.scan import RULES, scan_tree
from tests.scan.cases import BLANKS, cases

ROOT = Path(__file__).parents[2]
CASES = cases()
SECRETS = [BLANKS[name] for name in ("SECRET", "SECRET2", "HALF1", "HALF2", "B64", "ESCAPED")]


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_a_case_is_told_as_it_is_marked(case, tmp_path):
    report = scan_tree(case.write(tmp_path))
    assert {(f.file, f.line, f.rule) for f in report.findings} == case.expected


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_a_case_is_told_without_its_secrets(case, tmp_path):
    for finding in scan_tree(case.write(tmp_path)).findings:
        assert [secret for secret in SECRETS if secret in finding.text] == []


def test_the_corpus_is_large_and_has_both_sides_of_every_rule():
    found = [rule for case in CASES for _, _, rule in case.expected]
    assert len(CASES) >= 100
    assert sum(not case.expected for case in CASES) >= 25
    assert {rule for rule in RULES if found.count(rule) < 4} == set()
    assert len({case.sentence for case in CASES}) == len(CASES)


def test_the_server_holds_nothing_that_a_scan_finds():
    report = scan_tree(ROOT / "src")
    assert [(f.file, f.line, f.rule) for f in report.findings] == []
    assert report.files > 100
