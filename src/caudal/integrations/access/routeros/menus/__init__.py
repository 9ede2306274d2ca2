"""The menus of RouterOS that we write to, by kind of row; no I/O here."""

from caudal.core.access import Kind
from caudal.integrations.access.routeros.menus.addresses import ADDRESSES
from caudal.integrations.access.routeros.menus.menu import Menu, Vendor
from caudal.integrations.access.routeros.menus.queues import QUEUES
from caudal.integrations.access.routeros.menus.speeds import parse_rate_limit, rate_limit
from caudal.integrations.access.routeros.menus.users import USERS

MENUS: dict[Kind, Menu] = USERS | QUEUES | ADDRESSES

__all__ = ["MENUS", "Menu", "Vendor", "parse_rate_limit", "rate_limit"]
