"""What napalm-ros sees of a practice router, as JSON; runs in the referees' own Python."""

import json
import sys

from napalm_ros.ros import ROSDriver


def main(port: str, user: str, password: str) -> None:
    driver = ROSDriver("127.0.0.1", user, password, optional_args={"port": int(port)})
    driver.open()
    facts = driver.get_facts()
    seen = {
        "alive": driver.is_alive()["is_alive"],
        "facts": facts,
        "interfaces": driver.get_interfaces(),
        "counters": driver.get_interfaces_counters(),
        "addresses": driver.get_interfaces_ip(),
        "arp": driver.get_arp_table(),
        "users": driver.get_users(),
        "ping": driver.ping("10.20.0.10", count=2),
    }
    if facts["os_version"].startswith("7.2"):
        seen["config"] = driver.get_config(full=False, sanitized=True)["running"]
    driver.close()
    json.dump(seen, sys.stdout, default=str)


main(*sys.argv[1:])
