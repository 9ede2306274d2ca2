"""The main screens: how each is called, and how one gets to it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page


@dataclass(frozen=True)
class Screen:
    """`primary` is what its user came to do: the keyboard must reach it."""

    name: str
    view: str
    row: str = ""
    """Where `view` is a list: the link in it that is followed to the screen."""
    then: str = ""
    """Where the link is on the page of that row."""
    primary: str = "main .btn-primary"
    signed_in: bool = True
    query: str = ""

    def open(self, page: Page, goto: Callable[[str], None]) -> None:
        goto(reverse(self.view) + self.query)
        for link in filter(None, (self.row, self.then)):
            address = page.locator(link).first.evaluate("link => link.href")
            assert address, f"{self.name}: no link {link} at {page.url}"
            goto(address)


CUSTOMER = "main #list td.who a"
LINK = "main tbody tr a[href]"

SCREENS = (
    Screen("login", "staff:login", signed_in=False),
    Screen("dashboard", "desk:dashboard", primary="main a[href]"),
    Screen("customers", "desk:customers"),
    Screen("registration", "desk:register", primary="form#registration .save-bar .btn-primary"),
    Screen("customer", "desk:customers", CUSTOMER),
    Screen("saved-views", "desk:keep_views", primary="main a[href]"),
    Screen("map", "maps:chart", primary="main [data-here]"),
    Screen("write-to-customer", "desk:customers", CUSTOMER, "main a[href$='/write/']"),
    Screen("switches", "desk:customers", CUSTOMER, "main a[href$='/switches/']"),
    Screen("rename", "desk:customers", CUSTOMER, "main a[href$='/rename/']"),
    Screen("portal-password", "desk:customers", CUSTOMER, "main a[href$='/portal-password/']"),
    Screen("churn", "reports:churn"),
    Screen("churn-services", "reports:churn_services", primary="main a[href]"),
    Screen("reasons-to-leave", "desk:causes", primary="main a[href], main button"),
    Screen("reason-to-leave", "desk:causes", "main a[href$='/new/']"),
    Screen("map-files", "maps:files"),
    Screen("edit-customer", "desk:customers", CUSTOMER, "main a[href$='/edit/']"),
    Screen("custom-fields", "desk:fields"),
    Screen("custom-field", "desk:new_field"),
    Screen("tags", "desk:tags"),
    Screen("tag", "desk:new_tag"),
    Screen("register-payment", "desk:customers", CUSTOMER, "main .page-header a.btn-primary"),
    Screen("cash-desk", "payments:desk", primary="#till-q"),
    Screen("cash-sessions", "payments:sessions"),
    Screen("open-cash", "payments:open_session"),
    Screen("hand-over", "payments:hand_over"),
    Screen("cash-in-out", "payments:move_cash"),
    Screen("cash-of-the-day", "payments:daily", primary="main button"),
    Screen("cheques", "payments:cheques", primary="main button"),
    Screen("refunds", "payments:refunds", primary="main a[href]"),
    Screen("cash-boxes", "payments:boxes"),
    Screen("desk-customer", "payments:desk", "main a[href*='/payments/desk/']", query="?q=a"),
    Screen("books", "ledger:verification", primary="main .btn"),
    Screen("commissions", "payments:commissions"),
    Screen("commission-rate", "payments:set_commission"),
    Screen("payments", "payments:payments", primary=LINK),
    Screen("payment", "payments:payments", LINK, primary="main a[href]"),
    Screen(
        "delete-payment", "payments:payments", LINK, "main a[href$='/delete/']", "main .btn-danger"
    ),
    Screen("invoices", "billing:invoices", primary=LINK),
    Screen("invoice", "billing:invoices", LINK, primary="main a[href$='/pdf/']"),
    Screen("void-invoice", "billing:invoices", LINK, "main a[href$='/void/']", "main .btn-danger"),
    Screen("statement", "desk:customers", CUSTOMER, "main a.debt-button"),
    Screen("bulk-acts", "bulk:latest", primary="a[href]"),
    Screen("updates", "updates:updates"),
    Screen("document-templates", "documents:templates", primary="main a.template-tile"),
    Screen("document-template", "documents:templates", "main a.template-tile"),
    Screen("new-invoice", "desk:customers", CUSTOMER, "main a[href$='/issue/']"),
    Screen("sell-product", "desk:customers", CUSTOMER, "main a[href$='/sell/']"),
    Screen("discount", "desk:customers", CUSTOMER, "main a[href$='/discount/']"),
    Screen("fixed-date", "desk:customers", CUSTOMER, "main a[href$='/fixed-date/']"),
    Screen("billing-rules", "catalog:companies", LINK, "main a[href$='/rules/']"),
    Screen("change-plan", "desk:customers", CUSTOMER, "main a[href$='/plan/']"),
    Screen("hold", "desk:customers", CUSTOMER, "main a[href$='/hold/']"),
    Screen("billing-dates", "desk:customers", CUSTOMER, "main a[href$='/dates/']"),
    Screen("merge", "desk:customers", CUSTOMER, "main a[href$='/merge/']"),
    Screen("runs", "runs:list"),
    Screen("run", "runs:list", LINK, primary="main a[href], main button"),
    Screen("plan-run", "runs:plan"),
    Screen("change-prices", "runs:prices"),
    Screen("clock-terms", "runs:terms"),
    Screen("shadow-month", "runs:shadow"),
    Screen("cuts", "dunning:cuts", primary="main a[href], main button"),
    Screen("promises", "dunning:promises", primary="main select, main input"),
    Screen("new-promise", "desk:customers", CUSTOMER, "main a[href$='/promise/']"),
    Screen("unmatched-money", "treasury:waiting", primary="main a[href]"),
    Screen("bank-lines", "treasury:lines"),
    Screen("bank-line", "treasury:lines", "main a.bank-text", primary="main button, main a.btn"),
    Screen("share-line", "treasury:lines", "main .bank-line a[href$='/share/']"),
    Screen("sure-lines", "treasury:accept_many", primary="main a[href], main button"),
    Screen("bank-statements", "treasury:statements"),
    Screen("bank-statement", "treasury:statements", LINK),
    Screen("new-statement", "treasury:new_statement"),
    Screen("bank-accounts", "treasury:accounts"),
    Screen("collection", "treasury:collection", primary="main .btn"),
    Screen("gateways", "treasury:gateways"),
    Screen("gateway", "treasury:gateways", "main .card-footer a[href]"),
    Screen("gateway-notices", "treasury:events", primary=LINK),
    Screen("gateway-notice", "treasury:events", LINK, primary="main a[href]"),
    Screen("reports", "treasury:reports", primary=LINK),
    Screen("report", "treasury:reports", LINK),
    Screen("routers", "network:routers"),
    Screen("router", "network:routers", LINK, primary="main button, main a[href]"),
    Screen("zones", "network:zones"),
    Screen("zone", "network:zones", LINK),
    Screen("pools", "network:pools"),
    Screen("sites", "network:sites"),
    Screen("pool-map", "network:pools", LINK, primary="main a[href], main button"),
    Screen("block", "network:new_block"),
    Screen("who-had-it", "network:history", primary="main input, main button"),
    Screen(
        "router-tools",
        "network:routers",
        LINK,
        "main a[href$='/tools/']",
        primary="main button, main .btn",
    ),
    Screen("backups", "network:search_backups", primary="main input"),
    Screen("backup-policy", "network:backup_policy"),
    Screen("differences", "network:differences", primary="main a[href], main .btn"),
    Screen("brakes", "network:safety", primary="main button, main .btn"),
    Screen("radius", "radius:overview", primary="main a[href], main button, main input"),
    Screen("radius-policy", "radius:policy"),
    Screen("devices", "monitoring:devices", primary="main a[href]"),
    Screen("device-form", "monitoring:new_device"),
    Screen("checks", "monitoring:templates", primary="main a[href]"),
    Screen("outages", "monitoring:outages", primary="main a[href]"),
    Screen("outage-form", "monitoring:new_outage"),
    Screen("notice-pages", "portal:pages", primary="main a[href]"),
    Screen("notice-page", "portal:pages", "main a[href*='/portal/pages/']"),
    Screen("practice", "training:practice", primary="main button, main a[href]"),
    Screen("localities", "desk:localities"),
    Screen("locality", "desk:new_locality"),
    Screen("localities-file", "desk:locality_file"),
    Screen("plans", "catalog:plans"),
    Screen("plan", "catalog:new-plans"),
    Screen("companies", "catalog:companies"),
    Screen("messages", "messaging:messages", primary=LINK),
    Screen("message", "messaging:messages", LINK),
    Screen("templates", "messaging:templates", primary=LINK),
    Screen("template", "messaging:templates", LINK),
    Screen("imports", "imports:runs", primary="main a.btn"),
    Screen("import-file", "imports:file"),
    Screen("jobs", "joblog:runs"),
    Screen("journal", "staff:journal", primary="main select, main input, main a[href]"),
    Screen("users", "staff:users"),
    Screen("roles", "staff:roles"),
    Screen("profile", "staff:profile"),
    Screen("second-factor", "staff:second-factor"),
    Screen("open-sessions", "staff:sessions", primary="main a[href], main button"),
    Screen("branches", "staff:branches"),
    Screen("new-branch", "staff:create-branch"),
    Screen("security", "staff:security"),
    Screen("compare-roles", "staff:compare-roles", primary="main select, main input"),
    Screen("tokens", "staff:tokens"),
    Screen("search", "desk:search", query="?q=mar", primary="main [role=option]"),
    Screen("manual", "manual:index", primary="main a[href]"),
    Screen("manual-page", "manual:index", "main a[href*='/caja/']", primary="main a[href]"),
    Screen("api", "api", primary="a[href], button"),
)
