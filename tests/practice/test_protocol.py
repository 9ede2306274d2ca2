"""The practice router's protocol: words, logins, errors, queries, tags, listening."""

import pytest

from caudal.practice.routeros import V6, V6_OLD_LOGIN, V7, V7_NEW, PracticeRouter
from caudal.practice.routeros.wire import BadWord, Decoder, encode, encode_length
from tests.practice.rig import Talk


@pytest.fixture
def router():
    with PracticeRouter(V7) as router:
        router.put("/ppp/profile", name="10M", rate_limit="2M/10M")
        for name in ("ana", "luis", "eva"):
            router.put("/ppp/secret", name=name, profile="10M", disabled=str(name == "eva").lower())
        yield router


@pytest.fixture
def talk(router):
    with Talk(router) as talk:
        yield talk


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0x7F, "7f"),
        (0x80, "8080"),
        (0x3FFF, "bfff"),
        (0x4000, "c04000"),
        (0x1FFFFF, "dfffff"),
        (0x200000, "e0200000"),
        (0x10000000, "f010000000"),
    ],
)
def test_lengths_are_written_as_the_manual_says(size, head):
    assert encode_length(size).hex() == head


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_383, 16_384, 70_000, 2_097_152])
def test_words_of_any_length_are_read_back_even_byte_by_byte(size):
    decoder = Decoder()
    sentence = ["/x", "a" * size] if size else ["/x"]
    data = encode(sentence)
    step = max(1, len(data) // 500)
    found = [s for i in range(0, len(data), step) for s in decoder.feed(data[i : i + step])]
    assert found == [sentence]


def test_a_control_byte_is_refused_and_empty_sentences_are_not_there():
    assert list(Decoder().feed(b"\x00\x00\x02/x\x00\x00")) == [["/x"]]
    with pytest.raises(BadWord):
        list(Decoder().feed(b"\xf8"))


def test_bytes_that_are_not_utf8_come_back_unchanged(router, talk):
    written = encode(["/ppp/secret/set", "=.id=ana", "=comment=Pe\udcf1a"])
    assert b"Pe\xf1a" in written
    talk.sock.sendall(written)
    assert talk.next() == ["!done"]
    assert talk.rows("/ppp/secret/print", "?name=ana")[0]["comment"] == "Pe\udcf1a"


@pytest.mark.parametrize(
    ("version", "unknown"),
    [(V6, "unknown parameter"), (V7, "unknown parameter foo"), (V7_NEW, "unknown parameter foo")],
)
def test_errors_are_worded_as_on_the_version(version, unknown):
    with PracticeRouter(version) as router, Talk(router) as talk:
        assert talk.trap("/ppp/secret/add", "=name=a", "=foo=1") == unknown
        assert talk.trap("/ppp/secret/print", "=foo=1") == unknown
        assert talk.trap("/system/identity/print", "=detail=").startswith("unknown parameter")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("/ppp/secret/add", "=name=ana"), "failure: secret with the same name already exists"),
        (
            ("/ppp/secret/set", "=.id=ana", "=name=luis"),
            "failure: secret with the same name already exists",
        ),
        (
            ("/ppp/secret/add", "=name=x", "=profile=no"),
            "input does not match any value of profile",
        ),
        (("/ppp/secret/set", "=.id=*99", "=comment=x"), "no such item"),
        (("/ppp/secret/remove", "=.id=nobody"), "no such item"),
        (("/ppp/secret/remove",), "missing =.id="),
        (("/ppp/nothing/print",), "no such command prefix"),
        (("/ppp/secret/fly",), "no such command"),
        (
            ("/ppp/secret/add", "=name=x", "=remote-address=10.0.0.999"),
            "invalid value for argument remote-address",
        ),
        (
            ("/ip/firewall/address-list/add", "=list=m", "=address=10.0.0.1", "=timeout=soon"),
            "invalid time value for argument timeout",
        ),
        (
            ("/queue/simple/add", "=target=10.0.0.1", "=priority=9/9"),
            "value of priority out of range (1..8)",
        ),
        (("/queue/simple/add", "=parent=no"), "input does not match any value of parent"),
    ],
)
def test_errors_are_worded_as_on_a_real_router(talk, words, message):
    assert talk.trap(*words) == message


def test_an_address_is_listed_once_unless_one_of_the_two_is_disabled(router, talk):
    add = ("/ip/firewall/address-list/add", "=list=morosos")
    assert talk.ask(*add, "=address=10.0.0.1/32") == [["!done", "=ret=*1"]]
    taken = "failure: already have such entry"
    assert talk.trap(*add, "=address=10.0.0.1") == taken
    assert talk.trap(*add, "=address=10.0.0.1", "=timeout=1h") == taken
    assert talk.ask(*add, "=address=10.0.0.1", "=disabled=yes") == [["!done", "=ret=*2"]]
    assert talk.trap("/ip/firewall/address-list/enable", "=.id=*2") == taken


def test_sets_and_removals_take_lists_of_ids_and_names(router, talk):
    assert talk.ask("/ppp/secret/set", "=.id=*1,luis", "=comment=x") == [["!done"]]
    assert [row.get("comment") for row in router.rows("/ppp/secret")] == ["x", "x", None]
    assert talk.trap("/ppp/secret/remove", "=.id=*1,*99,*2") == "no such item"
    assert [row["name"] for row in router.rows("/ppp/secret")] == ["luis", "eva"]


def test_values_are_printed_in_the_routers_own_way(router, talk):
    talk.ask("/queue/simple/add", "=target=10.0.0.9", "=max-limit=512k/10M", "=burst-time=8")
    (queue,) = talk.rows("/queue/simple/print")
    assert queue["name"] == "queue1"
    assert queue["target"] == "10.0.0.9/32"
    assert queue["max-limit"] == "512000/10000000"
    assert queue["burst-time"] == "8s/8s"
    assert "comment" not in queue


def test_an_unset_value_is_gone(router, talk):
    talk.ask("/ppp/secret/set", "=.id=ana", "=remote-address=10.0.0.5")
    assert router.rows("/ppp/secret")[0]["remote-address"] == "10.0.0.5"
    talk.ask("/ppp/secret/unset", "=.id=ana", "=value-name=remote-address")
    assert "remote-address" not in router.rows("/ppp/secret")[0]
    talk.ask("/ppp/secret/set", "=.id=ana", "=local-address=10.0.0.1")
    talk.ask("/ppp/secret/set", "=.id=ana", "=!local-address=")
    assert "local-address" not in router.rows("/ppp/secret")[0]


def test_a_removed_profile_leaves_its_id_where_its_name_was(router, talk):
    talk.ask("/ppp/profile/remove", "=numbers=10M")
    assert {row["profile"] for row in router.rows("/ppp/secret")} == {"*2"}
    talk.ask("/ppp/profile/add", "=name=10M")
    assert {row["profile"] for row in router.rows("/ppp/secret")} == {"*2"}


def test_a_renamed_profile_is_followed(router, talk):
    talk.ask("/ppp/profile/set", "=numbers=10M", "=name=diez")
    assert {row["profile"] for row in router.rows("/ppp/secret")} == {"diez"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["?name=ana"], ["ana"]),
        (["?=name=ana"], ["ana"]),
        (["?disabled=yes"], ["eva"]),
        (["?disabled=true", "?#!"], ["ana", "luis"]),
        (["?name=ana", "?name=eva", "?#|"], ["ana", "eva"]),
        (["?name=ana", "?disabled=true"], []),
        (["?name=ana", "?disabled=true", "?#&"], []),
        (["?name"], ["ana", "luis", "eva"]),
        (["?-comment", "?>name=b"], ["luis", "eva"]),
        (["?<name=b"], ["ana"]),
        (["?nothing=1"], []),
        (["?name=ana", "?#."], ["ana"]),
        (["?name=ana", "?name=eva", "?#1."], []),
        (["?disabled=true", "?name=ana", "?#0"], ["ana"]),
    ],
)
def test_query_words_are_a_stack_of_booleans(talk, words, names):
    found = [row["name"] for row in talk.rows("/ppp/secret/print", "=.proplist=name", *words)]
    assert found == names


@pytest.mark.parametrize("steps", ["?#|", "?#x", "?#9."])
def test_a_query_that_makes_no_sense_is_refused(talk, steps):
    assert "query" in talk.trap("/ppp/secret/print", "?name", steps)


def test_only_what_is_asked_for_is_printed(talk):
    assert talk.rows("/ppp/secret/print", "=.proplist=name,comment", "?name=ana") == [
        {"name": "ana"}
    ]
    assert talk.ask("/ppp/secret/print", "=count-only=") == [["!done", "=ret=3"]]
    assert talk.ask("/ppp/secret/get", "=.id=ana", "=value-name=profile") == [["!done", "=ret=10M"]]


@pytest.mark.parametrize(("version", "says"), [(V6, False), (V7, False), (V7_NEW, True)])
def test_nothing_to_print_is_said_from_7_18_on(version, says):
    with PracticeRouter(version) as router, Talk(router) as talk:
        answer = talk.ask("/ppp/active/print")
        assert answer == [["!empty"], ["!done"]] if says else [["!done"]]


def test_every_reply_carries_the_tag(talk):
    talk.send("/ppp/secret/print", "=.proplist=name", ".tag=a")
    talk.send("/ppp/nothing/print", ".tag=b")
    said = [talk.next() for _ in range(6)]
    assert [sentence[0] for sentence in said] == ["!re", "!re", "!re", "!done", "!trap", "!done"]
    assert [sentence[-1] for sentence in said] == [".tag=a"] * 4 + [".tag=b"] * 2


def test_changes_are_told_to_who_listens_until_cancelled(router, talk):
    talk.send("/ppp/secret/listen", ".tag=l")
    talk.ask("/system/identity/print")
    router.put("/ppp/secret", name="nuevo")
    assert "=name=nuevo" in talk.next()
    router.delete("/ppp/secret", "nuevo")
    assert talk.next() == ["!re", "=.id=*4", "=.dead=yes", ".tag=l"]
    talk.send("/cancel", "=tag=l", ".tag=c")
    assert talk.next() == ["!trap", "=category=2", "=message=interrupted", ".tag=l"]
    assert talk.next() == ["!done", ".tag=l"]
    assert talk.next() == ["!done", ".tag=c"]
    assert talk.trap("/cancel", "=tag=l") == "unknown tag"


def test_nobody_gets_in_without_logging_in(router):
    with Talk(router, login=False) as talk:
        assert talk.ask("/ppp/secret/print") == [["!fatal", "not logged in"]]
        assert talk.next() == []


def test_a_wrong_password_is_refused_and_the_connection_stays(router):
    with Talk(router, login=False) as talk:
        wrong = ("/login", "=name=admin", "=password=otra")
        assert talk.trap(*wrong) == "invalid user name or password (6)"
        assert talk.ask("/login", "=name=admin", "=password=practica") == [["!done"]]


def test_old_routers_answer_a_login_with_a_challenge():
    with PracticeRouter(V6_OLD_LOGIN) as router, Talk(router, login=False) as talk:
        (done,) = talk.ask("/login", "=name=admin", "=password=practica")
        assert len(done[1]) == len("=ret=") + 32
        wrong = talk.trap("/login", "=name=admin", "=response=00" + "0" * 32)
        assert wrong == "cannot log in"


def test_a_user_who_may_only_read_cannot_write(router):
    router.put("/user", name="mirar", password="x", group="read")
    with Talk(router, login=False) as talk:
        talk.ask("/login", "=name=mirar", "=password=x")
        assert len(talk.rows("/ppp/secret/print")) == 3
        assert talk.trap("/ppp/secret/add", "=name=z") == "not enough permissions (9)"


def test_rules_are_placed_and_moved(router, talk):
    add = ("/ip/firewall/filter/add", "=chain=forward")
    for comment in ("a", "b"):
        talk.ask(*add, f"=comment={comment}")
    talk.ask(*add, "=comment=first", "=place-before=*1")

    def order():
        return [row["comment"] for row in router.rows("/ip/firewall/filter")]

    assert order() == ["first", "a", "b"]
    move = "/ip/firewall/filter/move"
    talk.ask(move, "=numbers=*2", "=destination=*3")
    assert order() == ["b", "first", "a"]
    talk.ask(move, "=numbers=*2", "=destination=*99")
    assert order() == ["first", "a", "b"]
    message = "failure: can not move object before itself"
    assert talk.trap(move, "=numbers=*2", "=destination=*2") == message


def test_leaving_is_answered(talk):
    assert talk.ask("/quit") == [["!fatal", "session terminated on request"]]


@pytest.mark.parametrize(("version", "date"), [(V6, "jan/05/2026"), (V7, "2026-01-05")])
def test_dates_are_written_as_on_the_version(version, date):
    with PracticeRouter(version) as router, Talk(router) as talk:
        router.put("/ip/firewall/address-list", list="m", address="10.0.0.1")
        (clock,) = talk.rows("/system/clock/print")
        (entry,) = talk.rows("/ip/firewall/address-list/print")
        assert clock["date"] == date
        assert entry["creation-time"] == f"{date} 08:00:00"
