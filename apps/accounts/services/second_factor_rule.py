"""What holds whenever a second factor goes."""

from apps.accounts.errors import SecondFactorNeededError
from apps.accounts.models import RecoveryCode, User
from apps.accounts.policies import must_have_second_factor
from apps.accounts.selectors import second_factors_of, sign_in_policy


def refuse_going_without(owner: User) -> None:
    """SecondFactorNeededError when the organization asks this person for a factor and the last one has just been taken out."""
    if must_have_second_factor(owner, sign_in_policy()) and not second_factors_of(owner).are_there:
        raise SecondFactorNeededError


def forget_codes_without_factor(owner: User) -> None:
    """Recovery codes stand in for a factor: without any they would be nothing but a weaker password. The caller records the deed."""
    if not second_factors_of(owner).are_there:
        RecoveryCode.objects.filter(owner=owner).delete()
