"""Signatures, against what Amazon prints as an example."""

from __future__ import annotations

from datetime import UTC, datetime

from lrtui.datasets.remote.signing import Keys, escaped, signed

# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object".
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
MAY = datetime(2013, 5, 24, tzinfo=UTC)


def test_the_example_of_amazon() -> None:
    found = signed(
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        KEYS,
        "us-east-1",
        MAY,
        {"Range": "bytes=0-9"},
    )
    assert found["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_keys_are_not_shown() -> None:
    assert "AKIA" not in f"{KEYS!r} {KEYS}"
    assert "wJal" not in f"{KEYS!r} {KEYS}"


def test_paths_are_escaped_byte_by_byte() -> None:
    assert escaped("a b/é+%~.csv") == "a%20b/%C3%A9%2B%25~.csv"
