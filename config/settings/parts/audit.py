"""Field history: which models django-auditlog follows. What people did is recorded by kernel.audit."""

AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_REMOTE_ADDR = True
