//! Who asks: a visitor, a signed-in member, a member of staff, an administrator.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::accounts::{Account, Role, Session, session};
use crate::app::App;
use crate::audit::Actor;
use crate::error::Error;

/// Name of the cookie that holds a session over plain http; over https the browser guards it by its `__Host-` prefix.
const COOKIE: &str = "kyodo";

/// The name under which a cookie of this site is kept.
pub fn cookie_name(app: &App, name: &str) -> String {
    let secure = app.config.base_url.starts_with("https://");
    let plain = if name.is_empty() { COOKIE.to_owned() } else { format!("{COOKIE}-{name}") };
    if secure { format!("__Host-{plain}") } else { plain }
}

/// The value of a cookie of this site.
pub fn cookie(app: &App, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = cookie_name(app, name);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

/// A `Set-Cookie` line: out of reach of scripts and of other sites; an empty value takes the cookie away.
pub fn set_cookie(app: &App, name: &str, value: &str, seconds: i64) -> String {
    let secure = if app.config.base_url.starts_with("https://") { "; Secure" } else { "" };
    let seconds = if value.is_empty() { 0 } else { seconds };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", cookie_name(app, name))
}

/// Whoever asks, signed in or not.
#[derive(Clone, Debug, Default)]
pub struct Visitor(pub Option<Member>);

/// Somebody who is signed in; staff only once they have given their one-time password.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who it is.
    pub account: Account,
    /// In which browser.
    pub session: Session,
}

/// Somebody who works in the back office.
#[derive(Clone, Debug)]
pub struct Staff(pub Member);

/// Somebody who looks after accounts and settings.
#[derive(Clone, Debug)]
pub struct Admin(pub Member);

impl Member {
    /// As whom their changes are written down.
    pub fn actor(&self) -> Actor {
        Actor::account(self.account.id, self.account.shown_name())
    }

    /// Whether they work in the back office.
    pub fn is_staff(&self) -> bool {
        self.account.role().is_staff()
    }
}

impl Staff {
    /// As whom their changes are written down.
    pub fn actor(&self) -> Actor {
        self.0.actor()
    }
}

/// The session of a request, whether or not its one-time password is still to come.
pub async fn session_of(app: &App, headers: &HeaderMap) -> Result<Option<(Session, Account)>, Error> {
    match cookie(app, headers, "") {
        Some(token) => Ok(session::find(&app.db, &token, app.clock.now()).await?),
        None => Ok(None),
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let found = session_of(app, &parts.headers).await?;
        let complete =
            found.filter(|(session, account)| !account.role().is_staff() || session.second_factor_at.is_some());
        Ok(Self(complete.map(|(session, account)| Member { account, session })))
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let next = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
        let Some((session, account)) = session_of(app, &parts.headers).await? else { return Err(Error::SignIn(next)) };
        if account.role().is_staff() && session.second_factor_at.is_none() {
            return Err(Error::SecondFactor(next));
        }
        Ok(Self { account, session })
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let member = Member::from_request_parts(parts, app).await?;
        if member.is_staff() { Ok(Self(member)) } else { Err(Error::NotFound) }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let member = Member::from_request_parts(parts, app).await?;
        if member.account.role() == Role::Admin { Ok(Self(member)) } else { Err(Error::NotFound) }
    }
}

/// The network a request comes from: the unit in which attempts are limited (an IPv4 address, an IPv6 /64).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(pub String);

impl FromRequestParts<App> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Self(network(client(app, &parts.headers, peer))))
    }
}

/// The address of the client: the peer, or what a trusted proxy says of it.
fn client(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let trusted = |address: IpAddr| app.config.trusted_proxies.iter().any(|range| range.holds(address));
    let mut address = peer?;
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.join(",").rsplit(',').map(str::trim) {
        if !trusted(address) {
            break;
        }
        let Ok(before) = hop.parse() else { break };
        address = before;
    }
    Some(address)
}

fn network(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "local".to_owned(),
    }
}
