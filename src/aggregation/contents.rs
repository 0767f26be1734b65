//! What came from a source, kept as it came: to be looked at, taken in later, or read again with other settings.

use std::io::{Read, Write};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::report::Report;
use crate::calendar::Sent;
use crate::db::statement;

/// Largest file that is unpacked again, as large as the largest that is taken.
const MOST_BYTES: u64 = 64 << 20;

/// Which of the two a source may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// What was taken in last.
    Taken,
    /// What waits for a decision.
    Waiting,
}

impl Slot {
    fn key(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Waiting => "waiting",
        }
    }
}

/// Keeps what came in place of what was there.
pub(super) async fn put(
    db: &impl ConnectionTrait,
    (source_id, slot): (Uuid, Slot),
    (sent, report): (&Sent, &Report),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO source_contents (source_id, slot, packed, content_type, file_name, came_at, report)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, slot) DO UPDATE SET packed = excluded.packed,
        content_type = excluded.content_type, file_name = excluded.file_name, came_at = excluded.came_at,
        report = excluded.report";
    let values = vec![
        source_id.into(),
        slot.key().into(),
        packed(&sent.bytes)?.into(),
        sent.content_type.as_str().into(),
        sent.file.as_str().into(),
        now.into(),
        serde_json::to_value(report).unwrap_or_default().into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// What is kept, whole.
pub(super) async fn sent(db: &impl ConnectionTrait, source_id: Uuid, slot: Slot) -> Result<Option<Sent>, DbErr> {
    let sql = "SELECT packed, content_type, file_name FROM source_contents WHERE source_id = ? AND slot = ?";
    let values = vec![source_id.into(), slot.key().into()];
    let Some(row) = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await? else {
        return Ok(None);
    };
    let packed: Vec<u8> = row.try_get("", "packed")?;
    let mut bytes = Vec::new();
    let unpacked = GzDecoder::new(packed.as_slice()).take(MOST_BYTES).read_to_end(&mut bytes);
    unpacked.map_err(|fault| DbErr::Custom(fault.to_string()))?;
    Ok(Some(Sent {
        file: row.try_get("", "file_name")?,
        content_type: row.try_get("", "content_type")?,
        bytes: bytes.into(),
    }))
}

/// What was said of it, and when it came.
pub(super) async fn report(
    db: &impl ConnectionTrait,
    source_id: Uuid,
    slot: Slot,
) -> Result<Option<(Report, DateTime<Utc>)>, DbErr> {
    let sql = "SELECT report, came_at FROM source_contents WHERE source_id = ? AND slot = ?";
    let values = vec![source_id.into(), slot.key().into()];
    let Some(row) = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await? else {
        return Ok(None);
    };
    let report: serde_json::Value = row.try_get("", "report")?;
    Ok(Some((serde_json::from_value(report).unwrap_or_default(), row.try_get("", "came_at")?)))
}

/// Throws away what waited.
pub(super) async fn drop_waiting(db: &impl ConnectionTrait, source_id: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM source_contents WHERE source_id = ? AND slot = 'waiting'";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![source_id.into()])).await?;
    Ok(())
}

/// By what a file is known again.
pub(super) fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>, DbErr> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let told = |fault: std::io::Error| DbErr::Custom(fault.to_string());
    encoder.write_all(bytes).map_err(told)?;
    encoder.finish().map_err(told)
}
