"""How templates call who acted."""

from django import template

from caudal.apps.staff.actor import actor_word

register = template.Library()


@register.filter
def actor(name: str) -> str:
    """`{{ entry.actor_name|actor }}`."""
    return actor_word(name)
