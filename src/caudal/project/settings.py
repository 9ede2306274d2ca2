"""Django settings, read from the environment; the defaults run a small provider on SQLite."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

from caudal.core.money import set_minor_digits
from caudal.project.keys import load_keys
from caudal.web.tiles import image_sources

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(env.str("CAUDAL_DATA", default=str(ROOT / "data")))

DEBUG = env.bool("CAUDAL_DEBUG", default=False)
DEMO = env.bool("CAUDAL_DEMO", default=False)
"""The demo may move its clock and has practice routers; production has neither."""

_keys = load_keys(
    DATA,
    secret_key=env.str("SECRET_KEY", default=""),
    field_keys=env.list("CAUDAL_FIELD_KEYS", default=[]),
)
SECRET_KEY = _keys.secret_key
FIELD_KEYS = _keys.field_keys

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("CAUDAL_PUBLIC_URL", default="")
"""Where customers reach this installation, e.g. https://isp.example: for links on documents."""

NOTICE_URL = env.str("CAUDAL_NOTICE_URL", default="")
"""The page of customers who are cut, e.g. http://10.0.0.5:8010/aviso/; empty: under PUBLIC_URL.
Routers send http of who is cut here, whatever page he wanted."""

INSTALLED_APPS = [
    "caudal.web",
    "caudal.apps.clock",
    "caudal.apps.staff",
    "caudal.apps.joblog",
    "caudal.apps.bulk",
    "caudal.apps.manual",
    "caudal.apps.messaging",
    "caudal.apps.catalog",
    "caudal.apps.documents",
    "caudal.apps.customers",
    "caudal.apps.ledger",
    "caudal.apps.outages",
    "caudal.apps.billing",
    "caudal.apps.network",
    "caudal.apps.radius",
    "caudal.apps.dunning",
    "caudal.apps.runs",
    "caudal.apps.payments",
    "caudal.apps.treasury",
    "caudal.apps.monitoring",
    "caudal.apps.imports",
    "caudal.apps.training",
    "caudal.apps.portal",
    "caudal.apps.desk",
    "caudal.apps.reports",
    "caudal.apps.maps",
    "caudal.apps.updates",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "caudal.web.proxy.ProxyMiddleware",
    "caudal.apps.portal.middleware.ForeignHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caudal.apps.staff.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "caudal.apps.staff.guard.GuardMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "caudal.project.urls"
WSGI_APPLICATION = "caudal.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "caudal.web.context.page",
            ],
        },
    },
    # Rows of long lists only: compiled, so several times faster than the other engine.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "caudal.web.rows.environment"},
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA / 'caudal.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Our cursors are read to the end; PostgreSQL would plan for their first rows. And it would
    # start parallel workers for the 51 rows of a page, which takes longer than finding them.
    DATABASES["default"]["OPTIONS"].setdefault(
        "options", "-c cursor_tuple_fraction=1 -c parallel_setup_cost=50000"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HUEY_URL = env.str("HUEY_URL", default="")
"""Empty: a queue in its own SQLite file. Else postgresql://... or redis://..."""

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "caudal.apps.staff.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "desk:dashboard"
LOGOUT_REDIRECT_URL = "staff:login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "caudal.apps.staff.backends.name_tried"
AXES_LOCKOUT_TEMPLATE = "staff/locked.html"
AXES_RESET_ON_SUCCESS = True

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env.str("CAUDAL_TIME_ZONE", default="America/Mexico_City")
set_minor_digits(env.dict("CAUDAL_CURRENCY_DIGITS", cast={"value": int}, default={}))
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["caudal.web.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "caudal.web.finders.PackageFinder",
]
MANUAL = Path(env.str("CAUDAL_MANUAL", default=str(ROOT / "docs" / "manual")))
"""The operators' manual; its pictures stand beside it, in `images`."""
NODE_MODULES = Path(env.str("CAUDAL_NODE_MODULES", default=str(ROOT / "node_modules")))
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="caudal@localhost")
MAIL_FOLDER = env.str(
    "MAIL_FOLDER", default=str(DATA / "mail") if DEMO and "EMAIL_URL" not in env.ENVIRON else ""
)
"""Not empty: mails are kept there as files instead of being sent, as the demo does."""


REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "caudal.apps.staff.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["caudal.apps.staff.tokens.VerbPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "caudal.web.api.answer_error",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "30/min", "user": env.str("API_RATE", default="1200/min")},
    # Limits count by REMOTE_ADDR, never by a header that a stranger may write.
    "NUM_PROXIES": 0,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Caudal API",
    "DESCRIPTION": "Customers, services, invoices and payments of an internet provider.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "caudal.web.refusals.add_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "InvoiceKind": "caudal.apps.billing.models.Invoice.Kind",
        "InvoiceState": "caudal.apps.billing.models.Invoice.State",
        "RouterRequest": "caudal.apps.network.models.Router.Request",
        "LineKind": "caudal.apps.billing.models.InvoiceLine.Kind",
        "ServiceState": "caudal.apps.customers.models.ServiceState",
        "DayStyle": "caudal.apps.customers.models.DayStyle",
        "CutStyle": "caudal.apps.customers.models.CutStyle",
        "Method": "caudal.apps.payments.models.Method",
        "PlainMethod": "caudal.apps.payments.api.PLAIN_METHODS",
        "ReportableMethod": "caudal.apps.treasury.forms.REPORTABLE",
        "ChequeState": "caudal.apps.payments.models.Cheque.State",
        "BankLineState": "caudal.apps.treasury.models.BankLine.State",
        "ReportState": "caudal.apps.treasury.models.ReportedPayment.State",
        "DeliveryStatus": "caudal.apps.messaging.models.Delivery.Status",
        "RadiusRefusal": "caudal.apps.radius.models.Policy.Refused",
    },
}

HTTPS = env.bool("CAUDAL_HTTPS", default=False)
"""True behind TLS: cookies become secure, plain http is redirected, HSTS is sent."""
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("CAUDAL_BEHIND_PROXY", default=False)
"""Our own proxy stands in front: what it says of scheme and client is believed."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"

MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
"""Such as https://tiles.example/{z}/{x}/{y}.png; empty draws the map without a background."""
GEOCODER_URL = env.str("GEOCODER_URL", default="")
"""A server that speaks like Nominatim, such as https://nominatim.example; empty: none is asked."""
GEOCODER_EMAIL = env.str("GEOCODER_EMAIL", default="")
"""Whom the geocoder's operator may write to; the public Nominatim wants one."""
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="© OpenStreetMap contributors")
"""Whose map it is, as their licence wants it said; shown where tiles are."""
MAP_OFFICE = env.str("MAP_OFFICE", default="")
"""The provider's own office as "latitude, longitude", shown on the map (IC-10)."""
MAP_ROUTE_URL = env.str(
    "MAP_ROUTE_URL", default="https://www.google.com/maps/dir/?api=1&destination={lat},{lon}"
)
"""The page or application that leads from where one is to {lat}, {lon} (MW-44)."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", *image_sources(MAP_TILES_URL)],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

ATTACHMENT_MEGABYTES = env.int("CAUDAL_ATTACHMENT_MEGABYTES", default=15)
"""A larger file is not attached to a customer."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
