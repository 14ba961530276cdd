"""The tables of this room."""

from apps.accounts.models.api_key import ApiKey
from apps.accounts.models.branding import Branding
from apps.accounts.models.browser_session import BrowserSession
from apps.accounts.models.external_identity import ExternalIdentity
from apps.accounts.models.invitation import Invitation
from apps.accounts.models.invitation_batch import InvitationBatch
from apps.accounts.models.judged_sign_in import JudgedSignIn
from apps.accounts.models.ldap import LDAPDirectory
from apps.accounts.models.oidc import OIDCProvider
from apps.accounts.models.provider_session import ProviderSession
from apps.accounts.models.saml import AnsweredSignIn, CertificateWarning, SAMLProvider, SeenAssertion
from apps.accounts.models.scim import SCIMAccess, SCIMPerson
from apps.accounts.models.scim_group import SCIMGroup, SCIMMembership
from apps.accounts.models.second_factor import AuthenticatorApp, Passkey, RecoveryCode
from apps.accounts.models.service_account import ServiceAccount
from apps.accounts.models.sign_in_policy import SignInPolicy
from apps.accounts.models.sso_connection import GroupRule, SSOConnection
from apps.accounts.models.team import Membership, Team
from apps.accounts.models.token_family import TokenFamily
from apps.accounts.models.user import User, normal_email
from apps.accounts.models.verified_domain import VerifiedDomain

__all__ = [
    "AnsweredSignIn",
    "ApiKey",
    "AuthenticatorApp",
    "Branding",
    "BrowserSession",
    "CertificateWarning",
    "ExternalIdentity",
    "GroupRule",
    "Invitation",
    "InvitationBatch",
    "JudgedSignIn",
    "LDAPDirectory",
    "Membership",
    "OIDCProvider",
    "Passkey",
    "ProviderSession",
    "RecoveryCode",
    "SAMLProvider",
    "SCIMAccess",
    "SCIMGroup",
    "SCIMMembership",
    "SCIMPerson",
    "SSOConnection",
    "SeenAssertion",
    "ServiceAccount",
    "SignInPolicy",
    "Team",
    "TokenFamily",
    "User",
    "VerifiedDomain",
    "normal_email",
]
