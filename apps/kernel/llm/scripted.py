"""A model that answers from recorded replies, without network. For tests and demonstrations; each reply says so by its source."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from apps.kernel.errors import DomainError
from apps.kernel.llm.errors import ModelAccessError, ModelUnavailableError
from apps.kernel.llm.port import ModelReply, ModelRequest, TokenCount

SOURCE = "scripted"


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """One recorded answer. With `when`, it answers every request that contains those words; without, one request in its turn."""

    text: str
    when: str = ""


class ScriptedModel:
    """Answers in the recorded order; an error in the list is raised in its turn. Out of replies it is unavailable, never inventive."""

    source = SOURCE

    def __init__(self, replies: Sequence[RecordedReply | DomainError], *, name: str = "scripted") -> None:
        self.name = name
        self.requests: list[ModelRequest] = []
        self._by_words = [reply for reply in replies if isinstance(reply, RecordedReply) and reply.when]
        self._in_turn = [reply for reply in replies if reply not in self._by_words]
        self._lock = Lock()

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the next fitting reply; ModelUnavailableError when none is left."""
        with self._lock:
            self.requests.append(request)
            reply = self._next_for(request)
        if isinstance(reply, DomainError):
            raise reply
        usage = TokenCount(read=request.estimated_input_tokens, written=-(-len(reply.text) // 3))
        return ModelReply(text=reply.text, model=self.name, source=SOURCE, usage=usage, latency_s=0.0)

    def _next_for(self, request: ModelRequest) -> RecordedReply | DomainError:
        sent = "\n".join(part.text for part in request.parts)
        for reply in self._by_words:
            if reply.when in sent:
                return reply
        return self._in_turn.pop(0) if self._in_turn else ModelUnavailableError(model=self.name, fault="script_ended")


def from_settings(name: str) -> ScriptedModel:
    """Return a model that plays the folder LLM_SCRIPTED_DIR."""
    from django.conf import settings

    return ScriptedModel(recorded_in(Path(settings.LLM_SCRIPTED_DIR)), name=name)


def recorded_in(folder: Path) -> list[RecordedReply]:
    """Return the replies of a folder, by file name: *.txt is the reply itself, *.json is {"when": "...", "reply": ...}.

    Raises ModelAccessError when the folder is not there.
    """
    if not folder.is_dir():
        raise ModelAccessError(model=SOURCE, fault="no_script_folder")
    files = sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".json"})
    return [_reply_in(path) for path in files]


def _reply_in(path: Path) -> RecordedReply:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        return RecordedReply(text)
    record = json.loads(text)
    reply = record["reply"]
    return RecordedReply(
        text=reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False), when=record.get("when", "")
    )
