//! The letters of mail itself.

use super::wording::{Place, Wording};

/// A letter to oneself, to see whether mail works.
pub(super) const TEST: Wording = Wording {
    key: "mail.test",
    title: "試しのメール",
    text: include_str!("../../templates/mail/mail/test.txt"),
    places: &[Place { name: "名前", example: "見本 職員" }],
};

/// Every wording of this slice.
pub const WORDINGS: &[&Wording] = &[&TEST];
