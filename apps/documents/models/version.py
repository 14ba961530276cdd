"""One uploaded file and the text that was read from it; each is written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.documents.blocks.port import ExtractedText
from apps.documents.choices import FILE_KINDS
from apps.documents.extraction.codec import dump_text, load_text
from apps.documents.models.document import Document
from apps.kernel.abstract_models import Identified, Timestamped


class Version(Identified, Timestamped):
    """A file as it was uploaded. `extracted` holds the blocks, compressed; the sections are what people read."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    file_name = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=8, choices=FILE_KINDS)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_key = models.CharField(max_length=300, unique=True)
    extracted = models.BinaryField(null=True)
    extracted_at = models.DateTimeField(null=True)
    word_count = models.PositiveIntegerField(null=True)
    page_count = models.PositiveIntegerField(null=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    foreign_comment_count = models.PositiveIntegerField(default=0)
    notices = models.JSONField(default=list)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="version_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.number})"

    def keep_text(self, text: ExtractedText) -> None:
        """Take over what was read; the caller saves."""
        self.extracted = dump_text(text)
        self.word_count = text.word_count
        self.page_count = text.page_count
        self.foreign_comment_count = text.foreign_comment_count
        self.notices = [{"code": one.code, "count": one.count, "detail": one.detail} for one in text.notices]

    def text(self) -> ExtractedText:
        """The blocks that were read; LookupError before that."""
        if self.extracted is None:
            message = "the text has not been read yet"
            raise LookupError(message)
        return load_text(bytes(self.extracted))
