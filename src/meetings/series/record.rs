//! A series of meetings (年間計画の会議): who convenes it, in which fiscal year, by which rule, and whether it is over.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::dates::Shift;
use super::rule::{Rule, days_of_year};
use crate::db::statement;
use crate::meetings::meeting::{self, Meeting};

/// A series as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Series {
    /// Identifier.
    pub id: Uuid,
    /// Title, without the number of any meeting.
    pub title: String,
    /// The year from April to March.
    pub fiscal_year: i32,
    rule: String,
    shift: String,
    skips_weekends: bool,
    /// The group that convenes it; nothing for the city.
    pub convener_group: Option<Uuid>,
    /// Who convenes it, in words.
    pub convener: String,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A series to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// The year from April to March.
    pub fiscal_year: i32,
    /// When.
    pub rule: Rule,
    /// Where a date goes on which nobody meets, and whether Saturdays and Sundays are such dates.
    pub shift: (Shift, bool),
    /// The group that convenes it; nothing for the city.
    pub convener_group: Option<Uuid>,
    /// Who convenes it, in words.
    pub convener: String,
}

impl Draft {
    /// Its rule in words.
    pub fn words(&self) -> String {
        words(&self.rule, self.shift)
    }
}

impl Series {
    /// Its rule in words, such as 毎月第2水曜(祝日は次の平日).
    pub fn words(&self) -> String {
        let shift = Shift::from_key(&self.shift).unwrap_or(Shift::Stay);
        Rule::read(&self.rule).map(|rule| words(&rule, (shift, self.skips_weekends))).unwrap_or_default()
    }

    /// Address of the page on which its later meetings are changed together.
    pub fn later_path(&self) -> String {
        format!("{}/{}/later", super::SERIES, self.id)
    }

    /// Address of the page on which it is ended.
    pub fn end_path(&self) -> String {
        format!("{}/{}/end", super::SERIES, self.id)
    }
}

fn words(rule: &Rule, (shift, weekends): (Shift, bool)) -> String {
    let also = if weekends && shift != Shift::Stay { "・土日" } else { "" };
    format!("{rule}({})", shift.words().replacen("祝日", &format!("祝日{also}"), 1))
}

const COLUMNS: &str = "id, title, fiscal_year, rule, shift, skips_weekends, convener_group, convener, ended_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Series>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_series WHERE {rest}");
    Series::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The series under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Series>, DbErr> {
    Ok(select(db, "id = ?", vec![id.into()]).await?.pop())
}

/// The series of a fiscal year in the order in which they were made; of one group where one is given.
pub async fn of_year(
    db: &impl ConnectionTrait,
    fiscal_year: i32,
    convener_group: Option<Uuid>,
) -> Result<Vec<Series>, DbErr> {
    let mut series = select(db, "fiscal_year = ? ORDER BY created_at, id", vec![fiscal_year.into()]).await?;
    series.retain(|one| convener_group.is_none() || one.convener_group == convener_group);
    Ok(series)
}

/// Writes a series down; says whether it did: not when it is there already, as the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    draft: &Draft,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO meeting_series (id, title, fiscal_year, rule, skips_holidays, shift, skips_weekends,
        convener_group, convener, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let (shift, weekends) = draft.shift;
    let values = vec![
        id.into(),
        draft.title.clone().into(),
        draft.fiscal_year.into(),
        draft.rule.rrule().into(),
        (shift != Shift::Stay).into(),
        shift.key().into(),
        weekends.into(),
        draft.convener_group.into(),
        draft.convener.clone().into(),
        by.into(),
        now.into(),
    ];
    done(db, sql, values).await
}

/// Ends a series; says whether it did: not when it was ended before.
pub async fn end(db: &impl ConnectionTrait, id: Uuid, (by, now): (&str, DateTime<Utc>)) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_series SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL";
    done(db, sql, vec![now.into(), by.into(), id.into()]).await
}

/// Gives a series the title of its later meetings.
pub async fn rename(db: &impl ConnectionTrait, id: Uuid, title: &str) -> Result<bool, DbErr> {
    done(db, "UPDATE meeting_series SET title = ? WHERE id = ?", vec![title.into(), id.into()]).await
}

/// Puts a meeting into a series.
pub async fn join(db: &impl ConnectionTrait, id: Uuid, meeting_id: Uuid) -> Result<bool, DbErr> {
    done(db, "UPDATE meetings SET series_id = ? WHERE id = ?", vec![id.into(), meeting_id.into()]).await
}

async fn done(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// The meetings of a series in the order of their days.
pub async fn meetings(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Meeting>, DbErr> {
    meeting::select(db, "WHERE series_id = ? ORDER BY COALESCE(starts_at, created_at), first_day, id", vec![id.into()])
        .await
        .map(in_order)
}

/// The meetings that have to do with a fiscal year: by their day, or while none is fixed by the first one that is wished for.
pub async fn meetings_of_year(
    db: &impl ConnectionTrait,
    fiscal_year: i32,
    convener_group: Option<Uuid>,
) -> Result<Vec<Meeting>, DbErr> {
    let Some((first, last)) = days_of_year(fiscal_year) else { return Ok(Vec::new()) };
    // A moment of a day may lie on the day before in UTC; the page leaves out what is not of the year.
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    let span = [midnight(first) - chrono::Duration::days(1), midnight(last) + chrono::Duration::days(2)];
    let rest = "WHERE (starts_at >= ? AND starts_at < ? OR starts_at IS NULL AND first_day >= ? AND first_day <= ?)";
    let mut values: Vec<Value> = vec![span[0].into(), span[1].into(), first.into(), last.into()];
    let rest = match convener_group {
        Some(group) => {
            values.push(group.into());
            format!("{rest} AND convener_group = ? ORDER BY first_day, id LIMIT 1000")
        }
        None => format!("{rest} ORDER BY first_day, id LIMIT 1000"),
    };
    meeting::select(db, &rest, values).await.map(in_order)
}

/// The day of a meeting: the fixed one, or else the first that is wished for.
fn in_order(mut meetings: Vec<Meeting>) -> Vec<Meeting> {
    meetings.sort_by_key(|one| (one.starts_at.map_or(one.first_day, |at| at.date_naive()), one.starts_at, one.id));
    meetings
}
