"""The menus of a router: which values are typed, defaulted, unique, or name a row elsewhere."""

from caudal.practice.routeros.menus.lists import menus
from caudal.practice.routeros.menus.menu import Field, Menu, Unique

__all__ = ["Field", "Menu", "Unique", "menus"]
