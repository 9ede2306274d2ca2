"""The product's settings with Django's admin beside it: the peer of the customers list."""

from caudal.project.settings import *  # noqa: F403
from caudal.project.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "django.contrib.admin"]
ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
