"""The main job, read like MIDDLEWARE: the stages of a review in order. Upload, decision and export belong to people.

Items are drafted twice: what the built-in rules find is there to be read while the model is still being asked.
"""

REVIEW_STAGES = [
    "documents.extract",
    "documents.divide",
    "analysis.run",
    "feedback.draft",
    "analysis.ask_model",
    "feedback.draft",
]
REPLAY_STAGES = [
    "analysis.replay",
    "feedback.draft",
]

INVITATION_STAGES = ["accounts.invite"]

PIPELINES = {"review": REVIEW_STAGES, "replay": REPLAY_STAGES, "invitations": INVITATION_STAGES}
PIPELINE_STREAM = {"review": "document.analysis", "replay": "document.analysis"}
