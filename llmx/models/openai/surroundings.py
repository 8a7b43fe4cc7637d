"""Settings of the surroundings that would break every call, found before the first one."""

from __future__ import annotations

import os
import ssl
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from llmx.errors import UsageError
from llmx.masking import keep_secret

_SCHEMES = ("http", "https", "socks5", "socks5h")


def check_surroundings() -> None:
    """Make sure that a connection can be prepared.

    Raises:
        UsageError: a proxy's or a certificate's variable does not allow it; the message names the variable.
    """
    _check_certificates()
    proxies = getproxies()
    if "*" in proxies.get("no", ""):
        return
    for scheme, address in proxies.items():
        if scheme in ("http", "https", "all") and address:
            _check_proxy(_variable(scheme), address)


def _variable(scheme: str) -> str:
    """The variable that names a proxy; the system's settings where none does."""
    names = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY")
    return next((name for name in names if os.environ.get(name)), f"the system's {scheme} proxy")


def _check_proxy(variable: str, given: str) -> None:
    address = given if "://" in given else f"http://{given}"
    parts = urlsplit(address)
    keep_secret(parts.password or "")
    try:
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(f"{variable} is no proxy that can be used: {given!r}; write http://HOST:PORT or unset it")
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise UsageError(
            f"{variable} names a SOCKS proxy ({given!r}), which needs the package socksio: pip install socksio, or unset "
            "the variable, or name an HTTP proxy"
        )


@cache
def _load(file: str, changed: int) -> None:  # noqa: ARG001 (part of what is remembered)
    """Load a file of certificates, which takes 20 ms, once as long as it stays the same."""
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)


def _check_certificates() -> None:
    """SSL_CERT_FILE and SSL_CERT_DIR, which outlive the environments that they were set for."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if folder and not file and not Path(folder).is_dir():
        raise UsageError(f"SSL_CERT_DIR names a folder that is not there: {folder!r}; correct it or unset it")
    if not file:
        return
    try:
        _load(file, os.stat(file).st_mtime_ns)
    except OSError as error:
        raise UsageError(
            f"SSL_CERT_FILE names a file that cannot be used: {file!r}: {error.strerror}; correct it or unset it"
        ) from error
