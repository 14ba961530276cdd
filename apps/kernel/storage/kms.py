"""Data keys wrapped by AWS KMS; credentials come from the SDK's own chain."""

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from apps.kernel.storage.key_providers import KeyUnavailableError


class KmsKeyProvider:
    """KMS Encrypt and Decrypt with the tenant in the encryption context, so that one tenant's key opens no other's files."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """KMS's ciphertext of the data key."""
        try:
            answer = boto3.client("kms").encrypt(
                KeyId=settings.STORAGE_KMS_KEY_ID, Plaintext=data_key, EncryptionContext={"tenant": context}
            )
        except (BotoCoreError, ClientError) as error:
            raise KeyUnavailableError from error
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key; KeyUnavailableError when KMS refuses or is away."""
        try:
            answer = boto3.client("kms").decrypt(
                CiphertextBlob=wrapped, KeyId=settings.STORAGE_KMS_KEY_ID, EncryptionContext={"tenant": context}
            )
        except (BotoCoreError, ClientError) as error:
            raise KeyUnavailableError from error
        return bytes(answer["Plaintext"])
