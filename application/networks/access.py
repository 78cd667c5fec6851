"""Who may do what: every way in asks here, with the operation's name."""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from application.ports.storage import Transaction, Transactions
from application.ports.tokens import Claims, OperatorVersion, TokenKind, TokenMint, never_rotated
from domain.errors import Forbidden, InvalidValue, NetworkNotFound, NotFound, ScopeMissing, Unauthorized
from domain.ids import ClientId, NetworkId
from domain.networks import Network


@frozen(kw_only=True)
class Principal:
    """Who asks, as a token proved: what it stands for, for whom, and in which network.

    token_version is that of the token, where one was shown, and overrides are the quotas of the network
    that are not as on the whole hub; neither says anything about who asks.
    """

    kind: TokenKind
    subject: str
    network_id: NetworkId | None = None
    scopes: frozenset[str] = frozenset()
    token_version: int | None = field(default=None, eq=False)
    overrides: Mapping[str, int] = field(factory=dict, eq=False)

    @property
    def client_id(self) -> ClientId | None:
        """The client that asks, if it is one."""
        return ClientId(self.subject) if self.kind is TokenKind.CLIENT else None


_OPERATOR, _USER, _NETWORK = TokenKind.OPERATOR, TokenKind.USER, TokenKind.NETWORK
_OWNER: Final = frozenset({_OPERATOR, _USER, _NETWORK})
_NETWORK_ONLY: Final = frozenset({_OPERATOR, _NETWORK})
_CLIENT: Final = frozenset({TokenKind.CLIENT})
_EVERYONE: Final = frozenset(TokenKind)

RULES: Final[Mapping[str, frozenset[TokenKind]]] = {
    "mira.network.create": frozenset({_OPERATOR, _USER}),
    "mira.network.get": _NETWORK_ONLY,
    "mira.network.update": _NETWORK_ONLY,
    "mira.network.delete": _NETWORK_ONLY,
    "mira.token.network.rotate": _NETWORK_ONLY,
    "mira.token.network.revoke": _NETWORK_ONLY,
    "mira.token.network.narrow": _NETWORK_ONLY,
    "mira.token.registration.rotate": _NETWORK_ONLY,
    "mira.token.registration.revoke": _NETWORK_ONLY,
    "mira.token.client.rotate": _NETWORK_ONLY | _CLIENT,
    "mira.token.client.revoke": _NETWORK_ONLY | _CLIENT,
    "operator.limits.get": frozenset({_OPERATOR}),
    "operator.limits.set": frozenset({_OPERATOR}),
    "operator.overview": frozenset({_OPERATOR}),
    "operator.events": frozenset({_OPERATOR}),
    "operator.network.list": frozenset({_OPERATOR}),
    "operator.network.get": frozenset({_OPERATOR}),
    "operator.session.list": frozenset({_OPERATOR}),
    "operator.activity.list": frozenset({_OPERATOR}),
    "operator.client.list": frozenset({_OPERATOR}),
    "operator.search.list": frozenset({_OPERATOR}),
    "operator.client.delete": frozenset({_OPERATOR}),
    "operator.client.disconnect": frozenset({_OPERATOR}),
    "mira.client.register": _NETWORK_ONLY | {TokenKind.REGISTRATION, TokenKind.CLIENT},
    "mira.client.list": _NETWORK_ONLY,
    "mira.client.update": _CLIENT,
    "mira.client.delete": _CLIENT | {_NETWORK},
    "mira.audio.submit": _CLIENT,
    "mira.audio.status": _NETWORK_ONLY,
    "mira.audio.best": _NETWORK_ONLY,
    "mira.interaction.list": _NETWORK_ONLY,
    "mira.interaction.get": _NETWORK_ONLY,
    "mira.interaction.process": _NETWORK_ONLY,
    "mira.interaction.history": _NETWORK_ONLY,
    "mira.interaction.audio": _NETWORK_ONLY,
    "mira.calendar.list": _NETWORK_ONLY,
    "mira.calendar.create": _NETWORK_ONLY,
    "mira.calendar.get": _NETWORK_ONLY,
    "mira.calendar.update": _NETWORK_ONLY,
    "mira.calendar.delete": _NETWORK_ONLY,
    "mira.feed.create": _NETWORK_ONLY,
    "mira.feed.delete": _NETWORK_ONLY,
    "mira.reminder.list": _NETWORK_ONLY,
    "mira.reminder.create": _NETWORK_ONLY,
    "mira.reminder.get": _NETWORK_ONLY,
    "mira.reminder.update": _NETWORK_ONLY,
    "mira.reminder.delete": _NETWORK_ONLY,
    "mira.conversation.list": _NETWORK_ONLY,
    "mira.ws": _CLIENT,
    "companion.device.register": _OWNER,
    "companion.device.pairing_code": _OWNER,
    "companion.device.pair": _EVERYONE,
    "companion.device.state": _OWNER | _CLIENT,
    "companion.persona.list": _OWNER | _CLIENT,
    "companion.persona.get": _OWNER | _CLIENT,
    "companion.persona.create": _OWNER,
    "companion.persona.update": _OWNER,
    "companion.persona.delete": _OWNER,
    "companion.persona.versions": _OWNER,
    "companion.persona.restore": _OWNER,
    "companion.dialog.send": _OWNER | _CLIENT,
    "companion.persona.switch": _OWNER | _CLIENT,
    "companion.session.create": _OWNER | _CLIENT,
    "companion.session.get": _OWNER | _CLIENT,
    "companion.session.end": _OWNER | _CLIENT,
    "companion.session.handoff": _OWNER | _CLIENT,
    "companion.coordination.activity": _OWNER,
    "companion.coordination.list": _OWNER,
    "companion.coordination.get": _OWNER,
    "companion.coordination.stop": _OWNER,
    "companion.coordination.answer": _OWNER | _CLIENT,
    "companion.coordination.broadcast": _OWNER,
    "companion.coordination.receipt": _OWNER,
    "companion.ws": _CLIENT,
}
"""Operation to the kinds of token that may call it. An operation without a row is nobody's."""

OPEN_OPERATIONS: Final = frozenset(
    {
        "mira.health",
        "suite.internal.health",
        "suite.internal.metrics",
        "mira.network.create",
        "companion.device.pair",
        "blob.get",
        "feed.get",
        "openapi",
        "asyncapi",
        "docs",
        "docs.migrating",
    }
)
"""What needs no token; creating a network only where registration is open."""

READING: Final = frozenset(
    {
        "get",
        "list",
        "state",
        "status",
        "best",
        "history",
        "audio",
        "versions",
        "receipt",
        "overview",
        "events",
    }
)
"""Last words of operations that change nothing."""


def scope_of(operation: str) -> str:
    """The scope that an operation needs: what it is about, and whether it changes that, as in reminder:write.

    What operators do across networks is about the operator's own things.
    """
    dialect, about, *_ = words = operation.split(".")
    return f"{dialect if dialect == 'operator' else about}:{'read' if words[-1] in READING else 'write'}"


SCOPES: Final[Mapping[TokenKind, frozenset[str]]] = {
    kind: frozenset(scope_of(operation) for operation, kinds in RULES.items() if kind in kinds)
    for kind in TokenKind
}
"""The scopes that tokens of each kind are made with: those of all that the kind may do."""


@frozen
class Authenticate:
    """Turn a token into the principal that it proves, as of now: a rotated or orphaned token is no proof."""

    mint: TokenMint
    transactions: Transactions
    operator_version: OperatorVersion = never_rotated

    async def __call__(self, token: str | None) -> Principal:
        if not token:
            raise Unauthorized
        claims = self.mint.read(token)
        async with self.transactions.snapshot() as tx:
            network = await self._network(tx, claims)
            if not await self._current(tx, claims, network):
                raise Unauthorized
        return Principal(
            kind=claims.kind,
            subject=claims.subject,
            network_id=claims.network_id,
            scopes=claims.scopes,
            token_version=claims.version,
            overrides={} if network is None else network.quota_overrides,
        )

    async def _network(self, tx: Transaction, claims: Claims) -> Network | None:
        try:
            return None if claims.network_id is None else await tx.networks.get(claims.network_id)
        except NotFound as error:
            raise Unauthorized from error

    async def _current(self, tx: Transaction, claims: Claims, network: Network | None) -> bool:
        if network is None:
            return claims.kind is TokenKind.OPERATOR and claims.version == self.operator_version()
        match claims.kind:
            case TokenKind.CLIENT:
                client = await tx.clients.find(network.id, ClientId(claims.subject))
                return client is not None and client.token_version == claims.version
            case TokenKind.REGISTRATION:
                return network.registration_version == claims.version
            case _:
                return network.token_version == claims.version


def permit(principal: Principal, operation: str) -> None:
    """Let a principal do something that its kind may and its scopes cover.

    Raises:
        Forbidden: it is not for this kind of token.
        ScopeMissing: the token was made for less.
    """
    if principal.kind not in RULES.get(operation, frozenset()):
        raise Forbidden(
            f"A {principal.kind.value} token is not for this.",
            operation=operation,
            token_kind=principal.kind.value,
        )
    if (scope := scope_of(operation)) not in principal.scopes:
        raise ScopeMissing(operation, scope)


def within(principal: Principal, network_id: NetworkId) -> NetworkId:
    """Keep a principal inside its network; any other one is answered as if it were not there."""
    if principal.kind is not TokenKind.OPERATOR and principal.network_id != network_id:
        raise NetworkNotFound(network_id)
    return network_id


def network_of(principal: Principal, named: NetworkId | None) -> NetworkId:
    """The network that a call without one in its path is about; an operator must name it."""
    wanted = named or principal.network_id
    if wanted is None:
        raise InvalidValue("X-Network-Id", "must name the network that this is about")
    return within(principal, wanted)
