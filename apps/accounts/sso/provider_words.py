"""How each provider's console calls what is entered there and found there, for somebody who sees only it and our page.

Labels stand as the consoles show them to English-speaking administrators; ways through menus and advice are translated.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import ProviderPreset

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ProviderWords:
    """Labels of the fields for our values, and the ways to them. `email`, `name`, `groups`: the provider's own values to be sent.

    "" for what the provider does not have: it is not spoken of.
    """

    where: Words
    acs: str
    entity_id: str
    name_id: Words
    email: str
    name: str
    groups: Words
    metadata: Words
    advice: Words = ""
    sls: str = ""
    signing: Words = ""
    encryption: Words = ""


_WORDS = MappingProxyType(
    {
        ProviderPreset.OKTA: ProviderWords(
            where=_("Applications → Create App Integration → SAML 2.0 → Configure SAML"),
            acs="Single sign-on URL",
            entity_id="Audience URI (SP Entity ID)",
            name_id=_("Name ID format: Persistent. Application username: Okta username."),
            email="user.email",
            name="user.displayName",
            groups=_("Group Attribute Statements: Name groups, Filter “Matches regex” and .*"),
            metadata=_("Sign On → SAML 2.0 → Metadata details → Metadata URL: copy"),
            sls="Single Logout URL",
            signing=_(
                "Show Advanced Settings → Signature Certificate: ours. Tick Signed Requests or Enable Single Logout; SP Issuer is the Audience URI."
            ),
            encryption=_(
                "Show Advanced Settings → Assertion Encryption: Encrypted, AES256-GCM; Encryption Certificate: ours"
            ),
        ),
        ProviderPreset.ENTRA: ProviderWords(
            where=_("Enterprise applications → New application → Create your own application → Single sign-on → SAML"),
            acs="Reply URL (Assertion Consumer Service URL)",
            entity_id="Identifier (Entity ID)",
            name_id=_("Attributes & Claims → Unique User Identifier (Name ID): user.objectid, format Persistent"),
            email="user.mail",
            name="user.displayname",
            groups=_("Attributes & Claims → Add a group claim. It sends object IDs: write those into step 3."),
            metadata=_("SAML Certificates → App Federation Metadata Url: copy"),
            advice=_("Users and groups: assign who may sign in, or nobody gets in."),
            sls="Logout Url (Optional)",
            signing=_("SAML Certificates → Verification certificates (optional) → Edit: upload our certificate"),
            encryption=_(
                "Security → Token encryption: import our certificate and activate it. It encrypts with AES-CBC: allow that here."
            ),
        ),
        ProviderPreset.GOOGLE: ProviderWords(
            where=_("Admin console → Apps → Web and mobile apps → Add app → Add custom SAML app"),
            acs="ACS URL",
            entity_id="Entity ID",
            name_id=_("Name ID format: PERSISTENT. Name ID: Basic Information > Primary email."),
            email="Primary email",
            name="First name",
            groups=_("Group membership: choose the groups, App attribute: groups"),
            metadata=_(
                "Google Identity Provider details → Download metadata: paste the file. There is no address for it."
            ),
            advice=_("User access: switch the app on for everyone or for some organizational units."),
            encryption="",
        ),
        ProviderPreset.AWS: ProviderWords(
            where=_(
                "Applications → Add application → I have an application I want to set up → SAML 2.0 → Manually type your metadata values"
            ),
            acs="Application ACS URL",
            entity_id="Application SAML audience",
            name_id=_(
                "Actions → Edit attribute mappings → Subject: ${user:AD_GUID} or ${user:email}, format persistent"
            ),
            email="${user:email}",
            name="${user:name}",
            groups="${user:groups}",
            metadata=_("IAM Identity Center metadata → IAM Identity Center SAML metadata file: copy its address"),
            advice=_("Assign users and groups to the application, or nobody gets in."),
        ),
        ProviderPreset.ADFS: ProviderWords(
            where=_(
                "Relying Party Trusts → Add → Claims aware → Enter data manually → Enable support for the SAML 2.0 WebSSO protocol"
            ),
            acs="Relying party SAML 2.0 SSO service URL",
            entity_id="Relying party trust identifier",
            name_id=_(
                "Edit Claim Issuance Policy: a rule that sends objectGUID or the primary SID as Name ID, format Persistent"
            ),
            email="E-Mail-Addresses",
            name="Display-Name",
            groups="Token-Groups - Unqualified Names",
            metadata=_("https://YOUR-AD-FS/FederationMetadata/2007-06/FederationMetadata.xml"),
            advice=_("Properties → Advanced → Secure hash algorithm: SHA-256"),
            sls="Endpoints → Add SAML → SAML Logout → Trusted URL",
            signing=_("Properties → Signature → Add: our certificate"),
            encryption=_("Properties → Encryption: our certificate. It encrypts with AES-CBC: allow that here."),
        ),
        ProviderPreset.KEYCLOAK: ProviderWords(
            where=_("Clients → Create client → Client type: SAML"),
            acs="Master SAML Processing URL",
            entity_id="Client ID",
            name_id=_("Settings → Name ID format: persistent"),
            email="User Property: email",
            name="User Property: firstName",
            groups=_("Client scopes → dedicated → Add mapper → Group list: attribute groups, Full group path off"),
            metadata=_("Realm settings → Endpoints → SAML 2.0 Identity Provider Metadata: copy its address"),
            advice=_(
                "Enter the same address as Valid redirect URI. Keys → Client signature required: off, unless requests are signed in step 6."
            ),
            sls="Advanced → Logout Service Redirect Binding URL",
            signing=_("Keys → Signing keys config → Import key: our certificate (Certificate PEM)"),
            encryption=_("Keys → Encryption keys config → Encrypt assertions: on, Import key: our certificate"),
        ),
        ProviderPreset.OTHER: ProviderWords(
            where=_("Make a SAML 2.0 application in your provider."),
            acs="Assertion Consumer Service (ACS) URL",
            entity_id="Entity ID / Audience",
            name_id=_("NameID: a value that never belongs to anybody else, format Persistent; not Transient"),
            email="",
            name="",
            groups="",
            metadata=_("The address of its metadata, or the file"),
            sls="Single Logout (SLO) URL",
            signing=_("Signature certificate of the service provider"),
            encryption=_("Encryption certificate of the service provider"),
        ),
    }
)


def words_of(preset: ProviderPreset) -> ProviderWords:
    """The words of this provider."""
    return _WORDS[preset]
