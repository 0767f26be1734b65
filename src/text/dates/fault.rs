use std::fmt;

/// A typed date or fiscal year that cannot be taken; as text, a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateFault {
    /// Nothing was typed.
    Empty,
    /// It has no form of a date.
    Unreadable,
    /// Its year has two digits and no era.
    ShortYear,
    /// The calendar has no such day; as it was understood, such as 平成21年2月29日.
    NoSuchDay(String),
    /// The era had not begun yet.
    BeforeEra {
        /// As it was understood, such as 令和元年4月1日.
        typed: String,
        /// The same time in the era before, such as 平成31年4月1日.
        meant: String,
    },
    /// A day or month before 明治6年, counted by the moon.
    OldCalendar,
    /// A fiscal year where a date is asked for.
    FiscalYear,
    /// Something else where a fiscal year is asked for.
    NoFiscalYear,
}

impl fmt::Display for DateFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "日付を入力してください。"),
            Self::Unreadable => {
                write!(out, "日付として読めません。2009-04-01、平成21年4月1日、平成21年4月のように入力してください。")
            }
            Self::ShortYear => {
                write!(out, "年は西暦4けたか、元号をつけて入力してください（例：2009年4月1日、平成21年4月1日）。")
            }
            Self::NoSuchDay(day) => write!(out, "{day}という日はありません。"),
            Self::BeforeEra { typed, meant } => write!(out, "{typed}はありません。{meant}ではありませんか。"),
            Self::OldCalendar => write!(out, "明治5年までは旧暦のため、年だけを入力してください（例：明治3年）。"),
            Self::FiscalYear => write!(out, "年度ではなく日付を入力してください（例：平成21年4月1日、平成21年4月）。"),
            Self::NoFiscalYear => write!(out, "年度として読めません。平成21年度、2009年度のように入力してください。"),
        }
    }
}

impl std::error::Error for DateFault {}
