"""AWS: where its services are asked. Credentials and endpoints stay with the SDK, which finds them itself."""

from config.env import text

# boto3 reads AWS_DEFAULT_REGION alone; AWS_REGION is what containers and every other SDK are given.
AWS_REGION = text("AWS_REGION") or text("AWS_DEFAULT_REGION")
