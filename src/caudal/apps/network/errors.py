"""What the network room refuses, and the sentence a person reads about it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.core.addressing import AddressFault
from caudal.core.errors import RuleError
from caudal.web import errors


class NetworkCode(StrEnum):
    ADDRESS_TAKEN = "address-taken"
    USERNAME_TAKEN = "username-taken"
    USERNAME_NOT_PLAIN = "username-not-plain"
    PASSWORD_NOT_PLAIN = "password-not-plain"
    OUTSIDE_POOL = "outside-pool"
    POOL_OF_OTHER_ROUTER = "pool-of-other-router"
    POOL_FULL = "pool-full"
    ADDRESS_NEEDED = "address-needed"
    BAD_MAC = "bad-mac"
    MAC_NEEDED = "mac-needed"
    MAC_TAKEN = "mac-taken"
    INTERFACE_NEEDED = "interface-needed"
    PREFIX_TAKEN = "prefix-taken"
    BAD_PREFIX = "bad-prefix"
    NO_PREFIX_HERE = "no-prefix-here"
    BAD_DUID = "bad-duid"
    DUID_NEEDED = "duid-needed"
    BAD_IAID = "bad-iaid"
    ALREADY_CONNECTED = "already-connected"
    NOT_CONNECTED = "not-connected"
    NOT_ON_A_ROUTER = "not-on-a-router"
    NO_ADDRESS_TO_RETURN = "no-address-to-return"
    OUTSIDE_NETWORK = "outside-network"
    ROUTER_BUSY = "router-busy"
    ROUTER_OFF = "router-off"
    NOT_BRAKED = "not-braked"
    WRONG_COUNT = "wrong-count"
    NO_NEW_SERIAL = "no-new-serial"
    BLOCK_EXISTS = "block-exists"
    NO_BACKUP_OF_KIND = "no-backup-of-kind"
    ROW_NOT_SEEN = "row-not-seen"
    SESSIONS_COME_BACK = "sessions-come-back"
    NOT_TO_BE_UNDONE = "not-to-be-undone"
    CHANGED_SINCE = "changed-since"
    OTHER_TECHNOLOGY = "other-technology"
    RULES_NOT_HERE = "rules-not-here"
    ROUTER_FROZEN = "router-frozen"
    OTHER_ROUTER = "other-router"


class NetworkError(RuleError):
    """A refusal; `field` names the form field that it is about, or is empty."""

    def __init__(self, code: NetworkCode | AddressFault, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


errors.register(
    {
        NetworkCode.ADDRESS_TAKEN: _("{address} is already in use: {holder}."),
        NetworkCode.USERNAME_TAKEN: _("The user {username} already exists: {holder}."),
        NetworkCode.USERNAME_NOT_PLAIN: _(
            "Use plain letters, digits and signs, without accents, at most {longest}."
        ),
        NetworkCode.PASSWORD_NOT_PLAIN: _(
            "Use plain letters, digits and signs, without accents or spaces, at most {longest}."
        ),
        NetworkCode.OUTSIDE_POOL: _("{address} is not a customer address of the pool {pool}."),
        NetworkCode.POOL_OF_OTHER_ROUTER: _("The pool {pool} belongs to the router {router}."),
        NetworkCode.POOL_FULL: _("The pool {pool} has no free address left."),
        NetworkCode.ADDRESS_NEEDED: _("This technology needs an IP address."),
        NetworkCode.BAD_MAC: _("{text} is not a MAC address such as AA:BB:CC:DD:EE:FF."),
        NetworkCode.MAC_NEEDED: _("Type the MAC address that the service is bound to."),
        NetworkCode.MAC_TAKEN: _("The device {mac} already has a lease: {holder}."),
        NetworkCode.INTERFACE_NEEDED: _(
            "Type the interface of the router where the device is seen, or give the router its LAN "
            "interface."
        ),
        NetworkCode.PREFIX_TAKEN: _("{prefix} is already in use: {holder}."),
        NetworkCode.BAD_PREFIX: _("{text} is not an IPv6 prefix such as 2001:db8:12:300::/56."),
        NetworkCode.NO_PREFIX_HERE: _(
            "HotSpot gives no IPv6: that of RouterOS speaks IPv4 alone. Give the prefix by PPPoE, "
            "DHCP or a queue."
        ),
        NetworkCode.BAD_DUID: _("{text} is not a DUID such as 00030001AABBCCDDEEFF."),
        NetworkCode.DUID_NEEDED: _("Type the DUID of the device that asks for the prefix."),
        NetworkCode.BAD_IAID: _("{text} is not an IAID: type a number."),
        NetworkCode.ALREADY_CONNECTED: _("The service is already connected to {router}."),
        NetworkCode.NOT_CONNECTED: _("The service is not connected to a router."),
        NetworkCode.NOT_ON_A_ROUTER: _("This technology is not given by a router."),
        NetworkCode.NO_ADDRESS_TO_RETURN: _("The service never had an address: choose one."),
        NetworkCode.OUTSIDE_NETWORK: _("{address} is not in the network {network}."),
        NetworkCode.ROUTER_BUSY: _("The router is being worked on: try again in a moment."),
        NetworkCode.ROUTER_OFF: _(
            "The API of {router} is off: changes wait until it is used again."
        ),
        NetworkCode.NOT_BRAKED: _("The router holds nothing that waits for a confirmation."),
        NetworkCode.WRONG_COUNT: _(
            "The number is another: read the list again and type its count."
        ),
        NetworkCode.BLOCK_EXISTS: _("{network} is already the block {block}."),
        NetworkCode.NO_BACKUP_OF_KIND: _("Backups are not taken of routers of this kind."),
        NetworkCode.NO_NEW_SERIAL: _("The router has not answered with another serial number."),
        NetworkCode.ROW_NOT_SEEN: _("The last reading did not find that row: read it again."),
        NetworkCode.SESSIONS_COME_BACK: _("A closed session comes back by itself."),
        NetworkCode.NOT_TO_BE_UNDONE: _("This change cannot be undone."),
        NetworkCode.CHANGED_SINCE: _("It was changed again since: undo the later change first."),
        NetworkCode.OTHER_TECHNOLOGY: _("The service is given in another way than this row."),
        NetworkCode.RULES_NOT_HERE: _("Rules cannot be installed on this kind of router."),
        NetworkCode.ROUTER_FROZEN: _("Nothing is written to {router}: it is frozen or stopped."),
        NetworkCode.OTHER_ROUTER: _("Another router answers in the place of {router}."),
        AddressFault.EMPTY: _("Type an address."),
        AddressFault.NOT_AN_ADDRESS: _("{text} is not an IP address."),
        AddressFault.NOT_A_NETWORK: _("{text} is not a network such as 10.20.0.0/22."),
        AddressFault.HOST_BITS: _("{text} is an address inside a network, not the network itself."),
        AddressFault.MIXED_VERSIONS: _("{text} mixes IPv4 and IPv6."),
        AddressFault.REVERSED_RANGE: _("{text} ends before it begins."),
    }
)
