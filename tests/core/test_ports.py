"""What the sockets for devices say of themselves."""

from caudal.core.ports.blocking import RuleFault, RuleProblem, RulesReport
from caudal.core.ports.importer import Importer
from caudal.core.ports.probe import Echo, ProbeError, ProbeFault
from caudal.core.ports.tools import Vitals


def test_rules_are_well_where_nothing_is_wrong():
    assert RulesReport(written=3).ok
    assert not RulesReport((RuleProblem(RuleFault.MISSING, "tcp-reset"),)).ok


def test_loss_is_the_share_of_pings_that_did_not_come_back():
    assert Echo(1, 4, 3, 12.0).loss == 25.0
    assert Echo(1, 0, 0).loss == 100.0


def test_an_error_of_a_probe_says_what_and_where():
    error = ProbeError(ProbeFault.NOT_PERMITTED, "raw sockets")
    assert (error.fault, str(error)) == (ProbeFault.NOT_PERMITTED, "not-permitted: raw sockets")
    assert str(ProbeError(ProbeFault.FAILED)) == "failed"


def test_memory_in_use_is_known_where_the_device_tells_both_numbers():
    told = {"identity": "RB", "version": "7.16", "board": "hEX", "serial": "X", "uptime_s": 1}
    assert Vitals(**told, free_memory=25, total_memory=100).memory_percent == 75
    assert Vitals(**told, free_memory=25).memory_percent is None
    assert Vitals(**told, total_memory=100).memory_percent is None


def test_an_importer_that_says_nothing_leaves_rows_as_they_are():
    class Plain(Importer):
        columns = {}

    rows = [{"name": "Ana"}]
    assert Plain().survey(rows) == frozenset()
    assert Plain().tidy(rows, Plain().survey(rows)) == rows
