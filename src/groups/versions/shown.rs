//! Versions as their readers see them: what changed in each, and one in full.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::city::City;
use crate::groups::draft::Draft;
use crate::groups::history::{self, Version};
use crate::groups::profile::field::{Audience, Field, of_audience};
use crate::groups::profile::words;
use crate::text::diff::{self, Piece};

/// Versions on one page.
pub(super) const PAGE: u64 = 20;

/// A field that changed with a version.
pub(super) struct Changed {
    pub label: &'static str,
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
}

/// A version in the list.
pub(super) struct Line {
    pub number: i32,
    pub when: String,
    pub by: String,
    pub channel: &'static str,
    pub reason: String,
    pub changed: Vec<Changed>,
    /// There is nothing before it to compare it with.
    pub is_first: bool,
}

/// The fields in which two records differ, for these readers.
pub(super) fn differences(old: &Draft, new: &Draft, audience: Audience, city: &City) -> Vec<Changed> {
    let fields = of_audience(audience).map(|field| (field, field.of(old), field.of(new)));
    fields.filter(|(_, old, new)| old != new).map(|(field, old, new)| changed(field, &old, &new, city)).collect()
}

/// One field, before and after.
pub(super) fn changed(field: &'static Field, old: &str, new: &str, city: &City) -> Changed {
    let (old, new) = diff::diff(&words::shown(field, old, city), &words::shown(field, new, city));
    Changed { label: field.label, old, new }
}

/// A page of the history from a number downwards, and the number at which the next page begins.
pub(super) async fn lines(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    from: i32,
    audience: Audience,
    city: &City,
) -> Result<(Vec<Line>, Option<i32>), DbErr> {
    let versions = history::versions_up_to(db, group_id, from, PAGE + 1).await?;
    let drafts: Vec<Option<Draft>> = versions.iter().map(Version::draft).collect();
    let line = |at: usize, version: &Version| {
        let (new, old) = (drafts[at].as_ref(), drafts.get(at + 1).and_then(Option::as_ref));
        Line {
            number: version.number,
            when: words::moment(version.at, city.profile.zone),
            by: version.actor.clone(),
            channel: version.channel().label(),
            reason: version.reason.clone(),
            changed: old.zip(new).map(|(old, new)| differences(old, new, audience, city)).unwrap_or_default(),
            is_first: at + 1 == versions.len(),
        }
    };
    let shown = usize::try_from(PAGE).unwrap_or_default();
    let lines = versions.iter().enumerate().take(shown).map(|(at, version)| line(at, version)).collect();
    Ok((lines, versions.get(shown).map(|version| version.number)))
}

/// A version in full: label and text of every field that holds something.
pub(super) fn in_full(draft: &Draft, audience: Audience, city: &City) -> Vec<(&'static str, String)> {
    let shown = of_audience(audience).map(|field| (field.label, words::shown(field, &field.of(draft), city)));
    shown.filter(|(_, text)| !text.is_empty()).collect()
}
