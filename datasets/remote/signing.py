"""Signature Version 4 of Amazon, for requests without a body.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Keys:
    """Who signs. Never shown: the text of it has none of them."""

    access: str
    secret: str
    session: str | None = None

    def __repr__(self) -> str:
        return "Keys(…)"


def signed(
    method: str, url: str, keys: Keys, region: str, now: datetime, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The headers, ``more`` among them, with which a request without query or body is signed.

    ``now`` is a time in UTC.
    """
    parts = urlsplit(url)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"x-amz-content-sha256": EMPTY, "x-amz-date": stamp, **(more or {})}
    if keys.session:
        headers["x-amz-security-token"] = keys.session
    all_of_them = {name.lower(): value.strip() for name, value in {**headers, "host": parts.netloc}.items()}
    names = ";".join(sorted(all_of_them))
    told = "".join(f"{name}:{all_of_them[name]}\n" for name in sorted(all_of_them))
    asked = "\n".join([method, parts.path, "", told, names, EMPTY])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def escaped(path: str) -> str:
    """A path as Amazon signs it: all but letters, digits and ``-_.~`` escaped, slashes kept."""
    return quote(path, safe="/-_.~")
