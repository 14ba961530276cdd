"""The main job, read like MIDDLEWARE: the stages of a review in order. Upload, decision and export belong to people."""

REVIEW_STAGES = [
    "documents.extract",
    "documents.divide",
    "analysis.run",
    "feedback.draft",
]

PIPELINES = {"review": REVIEW_STAGES}
PIPELINE_STREAM = {"review": "document.analysis"}
