"""Language models: which, in which order, how firmly they are held back. With nothing set, the built-in reviewer works alone."""

from config.env import integer, number, text
from config.settings.parts.aws import AWS_REGION

# Adapter name -> factory(model id). A new provider is one module and one line here.
LLM_ADAPTERS = {
    "bedrock": "apps.kernel.llm.bedrock.from_settings",
    "scripted": "apps.kernel.llm.scripted.from_settings",
}

LLM_MODELS = tuple(entry.strip() for entry in text("PRISM_LLM_MODELS", "").split(",") if entry.strip())

LLM_BEDROCK_REGION = text("PRISM_LLM_BEDROCK_REGION") or AWS_REGION
LLM_BEDROCK_GUARDRAIL = text("PRISM_LLM_BEDROCK_GUARDRAIL", "")
LLM_BEDROCK_GUARDRAIL_VERSION = text("PRISM_LLM_BEDROCK_GUARDRAIL_VERSION", "DRAFT")
LLM_BEDROCK_TOOL_CHOICE = text("PRISM_LLM_BEDROCK_TOOL_CHOICE", "tool")
LLM_SCRIPTED_DIR = text("PRISM_LLM_SCRIPTED_DIR", "")

LLM_DEADLINE_S = number("PRISM_LLM_DEADLINE_S", 60.0)
LLM_CONNECT_TIMEOUT_S = number("PRISM_LLM_CONNECT_TIMEOUT_S", 5.0)
LLM_READ_TIMEOUT_S = number("PRISM_LLM_READ_TIMEOUT_S", 60.0)
LLM_ATTEMPTS = integer("PRISM_LLM_ATTEMPTS", 4)
LLM_FIRST_PAUSE_S = number("PRISM_LLM_FIRST_PAUSE_S", 1.0)
LLM_REQUESTS_PER_MINUTE = integer("PRISM_LLM_REQUESTS_PER_MINUTE", 0)
LLM_TOKENS_PER_MINUTE = integer("PRISM_LLM_TOKENS_PER_MINUTE", 0)
LLM_BREAKER_FAILURES = integer("PRISM_LLM_BREAKER_FAILURES", 5)
LLM_BREAKER_PAUSE_S = number("PRISM_LLM_BREAKER_PAUSE_S", 30.0)
LLM_INPUT_MAX_TOKENS = integer("PRISM_LLM_INPUT_MAX_TOKENS", 150_000)
LLM_OUTPUT_MAX_TOKENS = integer("PRISM_LLM_OUTPUT_MAX_TOKENS", 8_192)
LLM_TEMPERATURE = number("PRISM_LLM_TEMPERATURE", 0.0)
LLM_PARALLEL = integer("PRISM_LLM_PARALLEL", 4)
LLM_RUN_BUDGET_S = number("PRISM_LLM_RUN_BUDGET_S", 1_200.0)
LLM_GIVE_UP_AFTER = integer("PRISM_LLM_GIVE_UP_AFTER", 3)
LLM_WINDOW_CHARS = integer("PRISM_LLM_WINDOW_CHARS", 12_000)
LLM_WINDOW_OVERLAP_CHARS = integer("PRISM_LLM_WINDOW_OVERLAP_CHARS", 800)
LLM_PROMPT_SECTION_REVIEW = text("PRISM_LLM_PROMPT_SECTION_REVIEW", "section_review.v1")
LLM_PRICES_FILE = text("PRISM_LLM_PRICES_FILE", "")

FEEDBACK_MIN_CONFIDENCE = number("PRISM_FEEDBACK_MIN_CONFIDENCE", 0.8)
