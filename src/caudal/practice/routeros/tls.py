"""TLS as routers have it: a certificate they signed themselves, or none at all."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Tls(StrEnum):
    CERTIFICATE = "certificate"
    ANONYMOUS = "anonymous"  # what /ip service api-ssl does without a certificate


def server_context(kind: Tls) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind is Tls.ANONYMOUS:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH:ADH:@SECLEVEL=0")
        return context
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "router.pem"
        path.write_bytes(_self_signed())
        context.load_cert_chain(path)
    return context


def _self_signed() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practica")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)
