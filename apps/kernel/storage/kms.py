"""Data keys wrapped by AWS KMS; credentials come from the SDK's own chain."""

import os
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from apps.kernel.storage.key_providers import KeyUnavailableError

_CONNECT_TIMEOUT_S = 2
_READ_TIMEOUT_S = 5
_ATTEMPTS = 2


class KmsKeyProvider:
    """KMS Encrypt and Decrypt with the tenant in the encryption context, so that one tenant's key opens no other's files."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """KMS's ciphertext of the data key."""
        try:
            answer = _client().encrypt(
                KeyId=settings.STORAGE_KMS_KEY_ID, Plaintext=data_key, EncryptionContext={"tenant": context}
            )
        except (BotoCoreError, ClientError) as error:
            raise KeyUnavailableError from error
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key; KeyUnavailableError when KMS refuses or is away."""
        try:
            answer = _client().decrypt(
                CiphertextBlob=wrapped, KeyId=settings.STORAGE_KMS_KEY_ID, EncryptionContext={"tenant": context}
            )
        except (BotoCoreError, ClientError) as error:
            raise KeyUnavailableError from error
        return bytes(answer["Plaintext"])


@lru_cache(maxsize=1)
def _client() -> Any:
    """One client for all threads: making one takes longer than asking it, and the SDK's own deadlines are minutes."""
    config = Config(
        connect_timeout=_CONNECT_TIMEOUT_S,
        read_timeout=_READ_TIMEOUT_S,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
    )
    return boto3.Session().client("kms", region_name=settings.AWS_REGION or None, config=config)


# A forked process makes its own: on the same sockets each would read the answers to the other's questions.
os.register_at_fork(after_in_child=_client.cache_clear)
