"""How each kind of address is reached: its servers, and the credentials, from the environment alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lrtui.datasets.address import WEB, as_asked, scheme_of
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.remote.signing import Keys, escaped, signed

HUB = "https://huggingface.co"
GOOGLE = "https://storage.googleapis.com"
REGION = "us-east-1"
# Others than plain keys, by which polars signs and lrtui does not: roles of containers and of clusters.
AWS_ROLES = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
GOOGLE_KEYS = (
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
)
CREDENTIALS = {
    "s3": "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION in the environment of lrtui.",
    "gs": "Set GOOGLE_SERVICE_ACCOUNT, the path of a key, in the environment of lrtui.",
    "hf": "Set HF_TOKEN in the environment of lrtui.",
}
WEB_CREDENTIALS = "The web is read without credentials: download it, and give its path."


def reach_of(address: str) -> dict[str, Any]:
    """What polars is told: to sign by the environment, or not at all where it holds nothing to sign with.

    No package of a cloud is asked, no file of its own tools is read, and no server of a machine's roles.
    """
    scheme = scheme_of(address)
    options: dict[str, Any] = {}
    if scheme == "s3":
        if _keys() is None and not _has_any(AWS_ROLES):
            options["aws_skip_signature"] = "true"
        if _endpoint().startswith("http://"):
            options["aws_allow_http"] = "true"
    elif scheme == "gs":
        if not _has_any(GOOGLE_KEYS):
            options["google_skip_signature"] = "true"
        if _google().startswith("http://"):
            options["allow_http"] = "true"
    return {"storage_options": options or None, "credential_provider": None}


def request_of(address: str, method: str = "HEAD") -> tuple[str, Mapping[str, str]] | None:
    """The request that asks for an object itself: an address of the web, and headers with credentials.

    ``None`` where only polars can sign it.

    Raises:
        DatasetError: the environment names a server by what is no address, or one that holds a password.
    """
    scheme, _, rest = address.partition("://")
    place, _, path = rest.partition("/")
    if scheme == "s3":
        url = f"{_endpoint()}/{place}/{escaped(path)}"
        keys = _keys()
        if keys is None:
            return None if _has_any(AWS_ROLES) else (url, {})
        return url, signed(method, url, keys, region(), datetime.now(UTC))
    if scheme == "gs":
        return f"{_google()}/{place}/{escaped(path)}", {}
    if scheme == "hf":
        user, name, inside = path.split("/", 2)
        name, _, revision = name.partition("@")
        token = os.environ.get("HF_TOKEN")
        if revision.startswith("~"):  # what the hub made of the files itself
            revision = f"refs/convert/{revision[1:]}"
        revision = escaped(revision or "main").replace("/", "%2F")
        url = f"{HUB}/{place}/{user}/{name}/resolve/{revision}/{escaped(inside)}"
        return url, {"Authorization": f"Bearer {token}"} if token else {}
    return as_asked(address), {}


def region() -> str:
    """The region in which buckets of Amazon are looked for."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION


def _keys() -> Keys | None:
    access, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not access or not secret:
        return None
    return Keys(access, secret, os.environ.get("AWS_SESSION_TOKEN") or None)


def _endpoint() -> str:
    """The server of buckets: Amazon's, or one that speaks its protocol."""
    amazon = f"https://s3.{region()}.amazonaws.com"
    return _server("AWS_ENDPOINT_URL", _server("AWS_ENDPOINT", amazon))


def _google() -> str:
    return _server("GOOGLE_BASE_URL", GOOGLE)


def _server(variable: str, otherwise: str) -> str:
    """The address of a server that the environment names."""
    found = os.environ.get(variable) or otherwise
    try:
        is_one = scheme_of(found) in WEB and bool(urlsplit(found).hostname) and "@" not in found
    except ValueError:  # brackets without an IPv6 address
        is_one = False
    if not is_one:
        raise DatasetError(
            f"The variable {variable} holds no address of a server, or one with a user or password.",
            "Write it like https://host or http://host:port.",
        )
    return found.rstrip("/")


def _has_any(names: tuple[str, ...]) -> bool:
    return any(os.environ.get(name) for name in names)
