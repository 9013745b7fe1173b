"""Which server is asked, and with what: by the environment alone."""

from __future__ import annotations

import pytest

from lrtui.datasets.remote.reaching import reach_of, request_of
from tests.datasets.remote.cloud import Cloud

ROLE = "AWS_WEB_IDENTITY_TOKEN_FILE"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("hf://datasets/u/n/a/t.csv", "https://huggingface.co/datasets/u/n/resolve/main/a/t.csv"),
        ("hf://datasets/u/n@v 1/t.csv", "https://huggingface.co/datasets/u/n/resolve/v%201/t.csv"),
        (
            "hf://datasets/u/n@~parquet/t.parquet",
            "https://huggingface.co/datasets/u/n/resolve/refs%2Fconvert%2Fparquet/t.parquet",
        ),
        ("hf://spaces/u/n@dev/a b.csv", "https://huggingface.co/spaces/u/n/resolve/dev/a%20b.csv"),
        ("https://host/a%20b.csv?raw=true", "https://host/a%20b.csv?raw=true"),
        ("https://host/a é/b.csv?raw=ja ü", "https://host/a%20%C3%A9/b.csv?raw=ja%20%C3%BC"),
    ],
)
def test_the_address_of_an_object(there: Cloud, address: str, url: str) -> None:
    assert request_of(address) == (url, {})


def test_a_token_of_the_hub_goes_to_the_hub_alone(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hush")
    asked = request_of("hf://datasets/u/n/t.csv")
    assert asked is not None
    assert asked[1] == {"Authorization": "Bearer hush"}
    assert request_of("https://huggingface.co/t.csv") == ("https://huggingface.co/t.csv", {})
    assert "hush" not in str(reach_of("hf://datasets/u/n/t.csv"))


def test_what_polars_is_told_holds_no_key_and_asks_no_package(
    there: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = {"storage_options": {"aws_allow_http": "true"}, "credential_provider": None}
    assert reach_of("s3://b/t.csv") == signed  # polars reads the keys from the environment itself
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert reach_of("s3://b/t.csv")["storage_options"]["aws_skip_signature"] == "true"
    monkeypatch.setenv(ROLE, "/var/run/token")
    assert reach_of("s3://b/t.csv") == signed
    assert request_of("s3://b/t.csv") is None  # which only polars can sign
    assert reach_of("gs://b/t.csv")["storage_options"]["google_skip_signature"] == "true"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/key.json")
    assert "google_skip_signature" not in reach_of("gs://b/t.csv")["storage_options"]
    assert reach_of("https://host/t.csv")["storage_options"] is None


def test_amazon_itself_where_no_other_server_is_named(
    there: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hush")
    asked = request_of("s3://bucket/a b/é.csv")
    assert asked is not None
    assert asked[0] == "https://s3.eu-central-1.amazonaws.com/bucket/a%20b/%C3%A9.csv"
    assert "/eu-central-1/s3/aws4_request, " in asked[1]["Authorization"]
    assert "x-amz-security-token" in asked[1]["Authorization"]  # signed, as it stands in the headers
