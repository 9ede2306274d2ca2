"""How templates call who acted."""

from django import template

from caudal.apps.staff.actor import actor_word
from caudal.apps.staff.browsers import browser_word

register = template.Library()


@register.filter
def actor(name: str) -> str:
    """`{{ entry.actor_name|actor }}`."""
    return actor_word(name)


@register.filter
def browser(agent: str) -> str:
    """`{{ sign_in.agent|browser }}`: "Chrome · Windows"."""
    return browser_word(agent)
