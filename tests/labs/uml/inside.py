"""The lab itself, run inside its own kernel: dial, measure, change, cut, restore; tells as JSON.

The acts are the product's own (change_plan, suspend, lift, a pass over the router); the session
is a real one: pppd, MS-CHAPv2, FreeRADIUS, a queue, a page with the notice.
"""

import json
import os
import signal
import subprocess
import time
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = Path("/run/caudal")
INTERNET = "203.0.113.2"
MODULES = (
    "ppp_async", "ppp_generic", "pppoe", "veth", "sch_htb", "sch_fq_codel", "sch_ingress",
    "cls_matchall", "act_police", "iptable_nat", "iptable_filter", "xt_tcpudp", "xt_nat",
    "xt_REDIRECT",
)  # fmt: skip
OPTIONS = """
auth
require-mschap-v2
refuse-pap
lcp-echo-interval 5
lcp-echo-failure 3
noccp
nodefaultroute
plugin radius.so
plugin radattr.so
radius-config-file /run/pppd/radius.conf
"""
RADIUS_CLIENT = f"""
auth_order radius
login_tries 4
login_timeout 60
nologin /etc/nologin
issue /etc/issue
authserver 127.0.0.1:1812
acctserver 127.0.0.1:1813
servers /run/pppd/servers
dictionary {HERE}/dictionary
login_radius /usr/sbin/login.radius
seqfile /run/pppd/sequence
mapfile /run/pppd/ports
default_realm
radius_timeout 5
radius_retries 2
login_local /bin/login
"""


def sh(script: str) -> str:
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
    return done.stdout


def start(*command: str) -> None:
    subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tell(what: str, value: Any) -> None:
    print("LAB", json.dumps({what: value}), flush=True)


def build_town() -> None:
    """A customer and the internet in namespaces of their own, the concentrator between them."""
    sh("hostname lab; echo '10.99.0.1 lab' >> /etc/hosts; ip link set lo up")
    sh(f"for m in {' '.join(MODULES)}; do modprobe $m; done")
    sh("ip addr add 10.99.0.1/32 dev lo; sysctl -qw net.ipv4.ip_forward=1")
    sh("mkdir -p /run/lock /run/pppd /run/www /run/net /var/run; : > /etc/ppp/options")
    sh(f"cp {HERE}/ip-up {HERE}/ip-down /etc/ppp/; rm -f /etc/ppp/ip-up.d/* /etc/ppp/ip-down.d/*")
    for name, device in (("customer", "bc"), ("internet", "bi")):
        sh(f"ip netns add {name}; ip link add {device} type veth peer name eth0 netns {name}")
        sh(f"ip link set {device} up; ip -n {name} link set lo up; ip -n {name} link set eth0 up")
    sh("ip addr add 203.0.113.1/24 dev bi; ip -n internet addr add 203.0.113.2/24 dev eth0")
    sh("ip -n internet route add default via 203.0.113.1")
    sh("echo AVISO DE CORTE > /run/www/index.html; echo INTERNET > /run/net/index.html")
    start("python3", "-m", "http.server", "-d", "/run/www", "8080")
    page = ("python3", "-m", "http.server", "-d", "/run/net", "80")
    start("ip", "netns", "exec", "internet", *page)
    start("ip", "netns", "exec", "internet", "iperf3", "-s")


def start_servers(secret: str) -> None:
    from django.core.management import call_command

    Path("/run/pppd/servers").write_text(f"127.0.0.1 {secret}\n")
    Path("/run/pppd/ports").write_text("")
    Path("/run/pppd/radius.conf").write_text(RADIUS_CLIENT)
    Path("/run/pppd/options").write_text(OPTIONS)
    call_command("radius", "config", "/run/raddb", "--threads", "4", stdout=StringIO())
    start("freeradius", "-f", "-d", "/run/raddb")
    log = Path("/run/raddb/state/radius.log")
    ready = wait(lambda: log.exists() and "Ready to process" in log.read_text())
    assert ready, log.read_text()
    sh("pppoe-server -I bc -L 10.20.0.1 -R 10.20.0.100 -N 20 -S net -O /run/pppd/options")


def wait(holds: Any, seconds: float = 30) -> bool:
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            return False
        time.sleep(0.1)
    return True


def dial() -> bool:
    """The customer's device; true when the session is up and shaped."""
    said = subprocess.run(
        ["ip", "netns", "exec", "customer", "pppd", "plugin", "rp-pppoe.so", "eth0", "user", "ana",
         "password", "clave", "noauth", "defaultroute", "noipdefault", "nopersist", "noccp",
         "ipparam", "customer", "updetach", "logfile", "/run/customer.log"],
        capture_output=True, timeout=90,
    )  # fmt: skip
    return said.returncode == 0 and wait(Path("/run/sessions/ana").exists, 10)


def megabits(*direction: str) -> float:
    command = [
        "ip",
        "netns",
        "exec",
        "customer",
        "iperf3",
        "-c",
        INTERNET,
        "-t",
        "4",
        "-O",
        "1",
        "-J",
    ]
    done = subprocess.run([*command, *direction], capture_output=True, text=True, timeout=60)
    found = json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"]
    return round(found / 1e6, 2)


def speeds(up_kbps: int, down_kbps: int) -> list[float]:
    """Upload and download. A busy machine is slower than its shaper, never faster: of three
    tries the best counts, and none more where one comes near what is asked for."""
    return [_best(up_kbps / 1000), _best(down_kbps / 1000, "-R")]


def _best(near: float, *direction: str) -> float:
    found = 0.0
    for _ in range(3):
        found = max(found, megabits(*direction))
        if found > 0.93 * near:
            break
    return found


def browse() -> str:
    done = subprocess.run(
        ["ip", "netns", "exec", "customer", "curl", "-s", "-m", "5", f"http://{INTERNET}/"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    return done.stdout.strip()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "caudal.project.settings"
    import django

    django.setup()
    build_town()
    from tests.labs.uml.concentrator import Concentrator
    from tests.labs.uml.scene import SECRET
    from tests.labs.uml.story import tell_story

    start_servers(SECRET)
    concentrator = Concentrator(SECRET)
    try:
        tell_story()
    finally:
        tell("requests", concentrator.kinds)
        tell("log", Path("/run/raddb/state/radius.log").read_text()[-1500:])
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
