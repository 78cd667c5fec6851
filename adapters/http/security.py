"""Who asks: the token of a request, and whether its bearer may call an operation."""

from application.networks.access import OPEN_OPERATIONS, RULES, Authenticate, Principal, permit


def bearer_token(authorization: str | None) -> str | None:
    """The token in an Authorization header, if it has one of the Bearer sort."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def needs_token(operation: str) -> bool:
    """Whether an operation is refused to those who show no token at all."""
    return operation not in OPEN_OPERATIONS


def looks_at_token(operation: str) -> bool:
    """Whether an operation cares about who asks."""
    return operation in RULES


async def identified(
    operation: str, authorization: str | None, authenticate: Authenticate
) -> Principal | None:
    """Find out who asks and whether they may; None where an open operation is called without a token.

    Raises:
        Unauthorized: a token is needed and there is none, or the one that is sent is not good.
        Forbidden: the token is of a kind that may not do this, or was made for less.
    """
    if not needs_token(operation) and (authorization is None or not looks_at_token(operation)):
        return None
    principal = await authenticate(bearer_token(authorization))
    permit(principal, operation)
    return principal
