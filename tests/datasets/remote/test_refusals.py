"""What cannot be had elsewhere: two sentences, in time, and no secret in any of them."""

from __future__ import annotations

import errno
import gzip
import os
import socket
import sys
from io import RawIOBase
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import fetch, load
from lrtui.datasets.reading import copying
from lrtui.datasets.remote import patience
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.storage.cache import Cache
from tests.datasets.remote.cloud import ACCESS, SECRET, Cloud

CSV = b"a,y\n" + b"1,0\n2,1\n" * 400


def said(name: str, **more: Any) -> str:
    with pytest.raises(DatasetError) as caught:
        load(parse_source(name, target="y", **more))
    what, fix = caught.value.what, caught.value.fix
    assert what.endswith(".")
    assert fix.endswith(".")
    text = f"{what} {fix}"
    assert text.isprintable()
    assert not any(secret in text for secret in (ACCESS, SECRET, "object-store", "polars.exceptions"))
    assert Cache().entries() == []
    return text


# Addresses, before anything is asked


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (
            "https://me:hush@host/t.csv",
            "The address 'https://host/t.csv' was given with a user",
        ),
        (
            "s3://AKID:hush@bucket/t.csv",
            "The address 's3://bucket/t.csv' was given with a user",
        ),
        ("s3://AKID:hu/hush+x@bucket/t.csv", "The address 's3://bucket/t.csv' was given with a user"),
        ("http://me:a/hush@host/t.csv", "The address 'http://host/t.csv' was given with a user"),
        ("https://host/t.csv?X-Amz-Signature=hush", "After the path of 'https://host/t.csv' stands"),
        ("https://host/t.csv?download=1&token=hush", "what may be a key or a signature"),
        ("https://host/t.csv?sig=hush", "what may be a key or a signature"),
        ("https://host/t.csv?hush", "what may be a key or a signature"),
        ("https://host/t.csv#hush", "what may be a key or a signature"),
        ("gs://bucket/t.csv?X-Goog-Signature=hush", "After the path of 'gs://bucket/t.csv' stands"),
        ("s3://bucket/a?b=c&AWSAccessKeyId=hush", "what may be a key or a signature"),
        ("ftp://me:hush@host/t.csv", "No data is read from 'ftp://'. Addresses begin with s3://"),
        ("s3://bucket", "'s3://bucket' names no object. Write it like s3://bucket/folder/part-"),
        ("s3://bucket/folder/", "names no object"),
        ("s3://buck et/t.csv", "is no address"),
        ("https:///t.csv", "is no address"),
        ("https://host:port/t.csv", "is no address"),
        ("https://host/" + "a" * 3000 + ".csv", "is no address"),
        ("hf://user/name/t.csv", "names no file of the hub. Write it like hf://datasets/user/name"),
        ("hf://datasets/user/t.csv", "names no file of the hub"),
        (
            "https://host/part-*.csv",
            "is a pattern, and a server of the web does not say",
        ),
        (
            "s3://bucket/t",
            "The name of 's3://bucket/t' does not tell a format",
        ),
        ("s3://bucket/t.xlsx", "is an Excel workbook, which is read from files of this machine alone."),
        ("s3://bucket/t.csv.xz", "is packed (.xz), which is read from files of this machine alone."),
        ("s3://bucket/t.parquet.gz", "is packed (.gz)"),
    ],
)
def test_an_address_that_is_refused(address: str, why: str) -> None:
    text = said(address)
    assert why in text
    assert "hush" not in text


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket/a?.csv",
        "s3://bucket/[ab]/*.csv",
        "hf://datasets/u/n@rev/a/*.parquet",
        "S3://b.c-d/é.csv",
        "http://host:8080/package@1.0/t.csv",
        "http://[::1]:80/package@1.0/t.csv",
    ],
)
def test_an_address_that_is_taken(address: str) -> None:
    assert parse_source(address).is_elsewhere


def test_options_that_say_nothing_of_the_format(there: Cloud) -> None:
    text = said("s3://bucket/t.parquet", separator=";")
    assert text.startswith("--separator was given, but 's3://bucket/t.parquet' is read as Parquet.")


# What servers answer


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ("404", "There is no 's3://bucket/t.csv'. Check the address, letter by letter."),
        ("403", "'s3://bucket/t.csv' may not be read: its server refuses it. Set AWS_ACCESS_KEY_ID"),
        ("500", "cannot be read: its server answers 500. Try again later"),
        ("breaks off", "cannot be read to its end: the connection fails. Try again later"),
        ("302", "cannot be read: its server sends us on and on, or nowhere. Download it"),
    ],
)
def test_an_answer_that_is_none(there: Cloud, odd: str, why: str) -> None:
    there.objects["/bucket/t.csv"] = CSV
    there.odd["/bucket/t.csv"] = odd
    assert why in said("s3://bucket/t.csv")


def test_text_that_ends_early_without_an_error(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    there.objects["/bucket/t.csv"] = CSV

    def half(_address: str, into: RawIOBase, _reach: object) -> None:
        into.write(CSV[: len(CSV) // 2])

    monkeypatch.setattr(copying, "copy_lines", half)
    assert "'s3://bucket/t.csv' cannot be read to its end: the connection" in said("s3://bucket/t.csv")


@pytest.mark.parametrize("odd", ["no parts", "no length"])
def test_a_server_that_gives_files_only_whole(there: Cloud, tmp_path: Path, odd: str) -> None:
    path = tmp_path / "t.parquet"  # whose end is asked for first, and so a part in any case
    pl.read_csv(CSV).write_parquet(path)
    there.objects["/bucket/t.parquet"] = path.read_bytes()
    there.odd["/bucket/t.parquet"] = odd
    why = "gives files only whole, and polars reads them in parts. Download it"
    assert why in said("s3://bucket/t.parquet")


def test_keys_that_are_not_the_ones(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    there.objects["/bucket/t.csv"] = CSV
    there.signed = True
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET + "x")
    assert "may not be read: its server refuses it" in said("s3://bucket/t.csv")
    assert "may not be read: its server refuses it" in said("s3://bucket/*.csv")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")  # then nothing is signed, and no other server asked
    assert "may not be read: its server refuses it" in said("s3://bucket/t.csv")


def test_google_and_the_web_refuse_in_their_own_words(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = CSV
    there.odd["/bucket/t.csv"] = "403"
    assert "Set GOOGLE_SERVICE_ACCOUNT" in said("gs://bucket/t.csv")
    assert "The web is read without credentials" in said(f"{there.url}/bucket/t.csv")


def test_a_pattern_that_nothing_matches(there: Cloud) -> None:
    assert said("s3://bucket/none-*.csv").startswith("Nothing matches 's3://bucket/none-*.csv'.")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("t.parquet", CSV, "'s3://bucket/t.parquet' cannot be read as Parquet."),
        ("t.arrow", CSV, "cannot be read as Arrow."),
        (
            "t.csv",
            "a,y\nä,1\n".encode("latin-1"),
            "is not text in UTF-8. Download it, and give",
        ),
        ("t.csv", b"", "'s3://bucket/t.csv' is empty."),
    ],
)
def test_content_that_is_not_the_format(there: Cloud, name: str, data: bytes, why: str) -> None:
    there.objects[f"/bucket/{name}"] = data
    assert why in said(f"s3://bucket/{name}")


def test_what_local_files_are_refused_for_is_said_of_the_copy(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = b"a,y\n1,0\n1,2,3\n"
    fetch(Source("s3://bucket/t.csv"))
    with pytest.raises(DatasetError, match=r"'copy of t\.csv'"):
        load(Source("s3://bucket/t.csv", target="y"))


@pytest.mark.parametrize("cut", [slice(None, -20), slice(None, -8)])
def test_packed_text_that_is_cut_off_is_no_fault_of_the_connection(there: Cloud, cut: slice) -> None:
    there.objects["/bucket/t.csv.gz"] = gzip.compress(CSV)[cut]
    assert "is damaged or cut off: it cannot be unpacked." in said("s3://bucket/t.csv.gz")


# What does not answer


def test_a_server_that_does_not_go_on(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.1)
    there.odd["/bucket/t.csv"] = "slow"
    assert "nothing came from its server. Try again later" in said(f"{there.url}/bucket/t.csv")
    there.objects["/bucket/t.csv"] = CSV
    there.odd["/bucket/t.csv"] = "slow parts"  # so it is asked whether it still answers, a few times
    assert "nothing came from its server" in said(f"{there.url}/bucket/t.csv")
    assert [method for method, *_ in there.asked].count("HEAD") == 1 + 1 + patience.MORE
    there.odd["/bucket"] = "slow"
    assert "nothing came from its server" in said("s3://bucket/*.csv")


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_server_that_is_not_there(there: Cloud) -> None:
    assert "'127.0.0.1' takes no connection" in said(f"http://127.0.0.1:{closed_port()}/t.csv")


def test_a_proxy_that_is_not_there_is_what_is_named(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://me:hush@localhost:{closed_port()}")
    text = said("http://no.such.host/t.csv")
    assert "'localhost' takes no connection. Check the proxy" in text
    assert "hush" not in text


@pytest.mark.parametrize("endpoint", ["localhost:9000", "https://", "https://me:hush@host"])
def test_a_server_that_the_environment_names_by_no_address(
    there: Cloud, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name in ("s3://bucket/t.csv", "s3://bucket/*.csv"):
        text = said(name)
        assert text.startswith("The variable AWS_ENDPOINT_URL holds no address of a server")
        assert "hush" not in text


def test_a_host_that_nobody_knows(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no host called 'no.such.host' is found" in said("https://no.such.host/t.csv")


def test_a_server_without_tls(there: Cloud) -> None:
    text = said(f"https://{there.url.partition('://')[2]}/bucket/t.csv")
    assert "the connection to '127.0.0.1' is not secure, or not trusted" in text


def test_a_disk_that_is_full(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    there.objects["/bucket/t.csv"] = CSV
    monkeypatch.setattr(os, "posix_fallocate", full)
    assert "The disk that holds the cache" in said("s3://bucket/t.csv")


def test_a_cache_that_cannot_be_written(there: Cloud, home: Path) -> None:
    there.objects["/bucket/t.csv"] = CSV
    home.mkdir()
    (home / "cache").write_text("no folder")
    with pytest.raises(DatasetError, match=r"The cache folder .* cannot be used"):
        load(Source("s3://bucket/t.csv", target="y"))


def test_a_polars_that_lists_nothing(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars.io._expand_paths", None)
    assert "This version of polars does not tell what matches 's3://bucket/*.csv'." in said(
        "s3://bucket/*.csv"
    )
