"""The addresses of one's account: of allauth's views those that the product uses, and no others.

There is no sign-up, no list of e-mail addresses and no login without a password.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth
from allauth.mfa.base import views as allauth_mfa
from allauth.socialaccount.providers.openid_connect import views as allauth_oidc
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods

from revops_site.kernel import accounts_views as views
from revops_site.kernel.entry import invitation_views as inviting
from revops_site.kernel.entry import privacy_views as privacy
from revops_site.kernel.entry import views as entry


def form(view: Callable[..., Any]) -> Callable[..., Any]:
    """A form is read and posted; allauth's views would also take PUT for a post."""
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def notice(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that is only read."""
    return require_http_methods(["GET", "HEAD"])(view)


urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("profile/", views.profile, name="profile"),
    path("profile/tokens/<int:id_>/end/", views.end_token, name="end_token"),
    path("profile/sessions/<int:id_>/end/", entry.end_session, name="end_session"),
    path("profile/sessions/end/", entry.end_sessions, name="end_sessions"),
    path("invitations/", inviting.invite, name="invitations"),
    path("invitations/<int:id_>/withdraw/", inviting.withdraw, name="withdraw_invitation"),
    path("invitation/<str:secret>/", inviting.come_in, name="account_invitation"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("second-factor/", entry.second_factor, name="second_factor"),
    path("login/code/", form(allauth_mfa.authenticate), name="mfa_authenticate"),
    path("confirm/", form(allauth.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", form(allauth_mfa.reauthenticate), name="mfa_reauthenticate"),
    path("sso/<slug:provider_id>/login/", notice(allauth_oidc.login), name="openid_connect_login"),
    path(
        "sso/<slug:provider_id>/login/callback/",
        notice(allauth_oidc.callback),
        name="openid_connect_callback",
    ),
    path("login/", form(views.Login.as_view()), name="account_login"),
    path("logout/", form(allauth.logout), name="account_logout"),
    path("password/change/", form(allauth.password_change), name="account_change_password"),
    path("password/reset/", form(allauth.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        notice(allauth.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        form(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        notice(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
