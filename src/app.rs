//! The application: what every handler can reach, and the map of all addresses.

use std::any::Any;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sea_orm::{DatabaseConnection, DbErr};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::city::City;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::revision::{self, AsOf, Revisions};
use crate::storage::{MATERIALS, PHOTOS, Storage};
use crate::web::{assets, guard, kept};
use crate::{
    accounts, aggregation, calendar, digest, feeds, groups, health, home, inbound, mail, me, meetings, office,
    outreach, plan, reports,
};

/// What a handler can reach; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What all requests share.
pub struct Shared {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: DatabaseConnection,
    /// What time it is.
    pub clock: Clock,
    /// Prepared feeds.
    pub feeds: feeds::Cache<feeds::Asked>,
    /// Prepared tables of open data.
    pub tables: feeds::Cache<(feeds::Dataset, bool)>,
    /// Held while one of them is made.
    pub table_turn: tokio::sync::Mutex<()>,
    /// The current plan.
    pub plans: plan::Shelf,
    /// Finished pages.
    pub pages: kept::Pages,
    /// Counted results of searches in the register.
    pub counts: groups::Counts,
    /// Photos.
    pub storage: Storage,
    /// Materials of meetings.
    pub materials: Storage,
    city: RwLock<Arc<City>>,
    /// The revision of that city.
    city_revision: AtomicI64,
    city_turn: tokio::sync::Mutex<()>,
    revisions: revision::Watch,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The application on an open database whose schema is current.
    pub async fn new(config: Config, db: DatabaseConnection, clock: Clock) -> Result<Self, DbErr> {
        let revision = revision::current(&db).await?.city;
        Ok(Self(Arc::new(Shared {
            city: RwLock::new(Arc::new(City::load(&db).await?)),
            city_revision: AtomicI64::new(revision),
            city_turn: tokio::sync::Mutex::default(),
            revisions: revision::Watch::start(db.clone(), &config.database_url),
            storage: Storage::new(&config, PHOTOS),
            materials: Storage::new(&config, MATERIALS),
            config,
            db,
            clock,
            feeds: feeds::Cache::default(),
            tables: feeds::Cache::default(),
            table_turn: tokio::sync::Mutex::default(),
            plans: plan::Shelf::default(),
            pages: kept::Pages::default(),
            counts: groups::Counts::default(),
        })))
    }

    /// The city's names, vocabularies, places and settings.
    pub fn city(&self) -> Arc<City> {
        self.city.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The counters that say what changed, as of now; the city is read anew when it did.
    pub async fn revisions(&self) -> Result<Revisions, DbErr> {
        let revisions = self.revisions.current().await?;
        let is_old = || self.city_revision.load(Ordering::Acquire) < revisions.city;
        if is_old() {
            let _turn = self.city_turn.lock().await;
            if is_old() {
                let city = Arc::new(City::load(&self.db).await?);
                *self.city.write().unwrap_or_else(PoisonError::into_inner) = city;
                self.city_revision.store(revisions.city, Ordering::Release);
            }
        }
        Ok(revisions)
    }

    /// The state of everything that a public page shows.
    pub async fn as_of(&self) -> Result<AsOf, DbErr> {
        Ok(AsOf { revisions: self.revisions().await?, today: self.today() })
    }

    /// Today where the city is.
    pub fn today(&self) -> chrono::NaiveDate {
        // Asked at every request: the zone is read where it stands.
        let zone = self.city.read().unwrap_or_else(PoisonError::into_inner).profile.zone;
        self.clock.today(zone)
    }

    /// Every address of the site.
    pub fn router(self) -> Router {
        let frames = feeds::frames()
            .layer(axum::middleware::from_fn_with_state(self.clone(), kept::kept))
            .layer(axum::middleware::from_fn(feeds::framed));
        let pages = Router::new()
            .merge(home::routes())
            .merge(plan::routes())
            .merge(groups::routes())
            .merge(calendar::routes())
            .merge(meetings::routes())
            .merge(outreach::routes())
            .merge(feeds::routes())
            .layer(axum::middleware::from_fn_with_state(self.clone(), kept::kept))
            .merge(frames)
            .route(assets::PATH, get(assets::show))
            .merge(self.own_pages())
            .fallback(async || Error::NotFound)
            .layer(CatchPanicLayer::custom(panicked))
            .layer(axum::middleware::from_fn_with_state(self.clone(), guard::guard))
            .layer(CompressionLayer::new().compress_when(is_page));
        // Feeds are fetched a thousand times for every page, so they carry their own headers and no layers.
        pages.merge(feeds::downloads()).merge(meetings::downloads()).merge(health::routes()).with_state(self)
    }

    /// The pages that are somebody's own: never kept, by nobody.
    fn own_pages(&self) -> Router<App> {
        Router::new()
            .merge(accounts::routes())
            .merge(me::routes())
            .merge(mail::routes())
            .merge(groups::own_routes())
            .merge(office::routes())
            .merge(calendar::own_routes())
            .merge(aggregation::own_routes())
            .merge(aggregation::duplicates::routes())
            .merge(meetings::own_routes())
            .merge(outreach::own_routes())
            .merge(digest::own_routes())
            .merge(reports::routes())
            .merge(inbound::routes())
            .layer(axum::middleware::from_fn_with_state(self.clone(), accounts::keeping))
            .layer(axum::middleware::from_fn(guard::own))
    }
}

/// Pages and style sheets are compressed on the way; feeds come prepared.
fn is_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("text/css")
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    Error::Panic.into_response()
}
