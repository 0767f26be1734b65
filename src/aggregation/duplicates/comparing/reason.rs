//! What speaks for one event and what against it: each with its points and its sentence.

use super::place::Places;
use super::time::Times;

/// One thing found in comparing two entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reason {
    /// How they stand in time.
    Times(Times),
    /// How alike the names are, from 0 to 1, and how that is said.
    Name(f64, Named),
    Number((char, u32), (char, u32)),
    Year,
    OtherPart,
    OnePart,
    Aside,
    Quoted,
    Matter,
    Town,
    /// How the places stand to one another.
    Places(Places),
    SameGroup,
    SameOrganiser,
    OtherOrganiser,
    Page,
    /// A page that stands at several entries of one source.
    List,
    Series,
    Cancelled,
}

/// In which way names are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// As typed.
    Typed,
    /// After folding.
    Folded,
    /// By the reading.
    Read,
}

/// For a name that is the same; a name that is alike gets its part of it.
const NAME: f64 = 42.0;
/// Below this likeness of names nothing is counted for them.
pub(super) const NAME_FROM: f64 = 0.3;

impl Reason {
    /// How much it counts.
    ///
    /// The time alone (25) or the place alone (22) never makes a candidate, nor do both together (47): two classes in one house
    /// at one hour are two. The name has to be alike as well, or the page elsewhere has to be the same. A name that is the same
    /// with the same start (25 + 42) is a candidate wherever it is said to be, unless a town or a building speaks against it.
    ///
    /// - the same festival from two sources, the place written differently: 25 + 42 + 17 = 84
    /// - the same, one of them without a time and a place: 14 + 42 + 4 = 60
    /// - another class in the same room, by the same people: 25 + 2 + 22 + 8 = 57
    /// - 第1回 and 第2回 of one series: 25 + 42 + 22 - 45 = 44
    /// - the same clean-up in two towns: 25 + 42 - 35 = 32
    pub(super) fn points(self) -> i32 {
        match self {
            Self::Times(times) => of_times(times),
            Self::Name(alike, _) if alike < NAME_FROM => -12,
            Self::Name(alike, _) => (NAME * (alike - NAME_FROM) / (1.0 - NAME_FROM)).round() as i32,
            Self::Number(..) | Self::Year | Self::OtherPart => -45,
            Self::OnePart => -10,
            Self::Aside | Self::Quoted => -40,
            Self::Matter | Self::Town => -35,
            Self::Places(places) => of_places(places),
            Self::SameGroup => 10,
            Self::SameOrganiser => 8,
            Self::OtherOrganiser => -5,
            Self::Page => 36,
            Self::List => 2,
            Self::Series | Self::Cancelled => 0,
        }
    }

    /// Whether it speaks against one event.
    pub(super) fn is_against(self) -> bool {
        self.points() < 0 || matches!(self, Self::Series | Self::Cancelled)
    }

    /// What people read; nothing for what is not worth a line.
    pub(super) fn sentence(self) -> String {
        let sentence = match self {
            Self::Times(times) => said_of_times(times),
            Self::Name(alike, named) => said_of_name(alike, named),
            Self::Number((kind, one), (_, other)) => {
                return format!("番号が違います(第{one}{kind}と第{other}{kind})。");
            }
            Self::Year => "名前にある年が違います。",
            Self::OtherPart => "別の部です(午前と午後、初級と中級など)。",
            Self::OnePart => "片方だけに「午前の部」「初級」などの言葉があります。",
            Self::Aside => "名前のかっこの中が違います。",
            Self::Quoted => "名前の「 」の中が違います。",
            Self::Matter => "片方だけに「準備」「説明会」「出張」などの言葉があります。",
            Self::Town => "町が違います。",
            Self::Places(places) => said_of_places(places),
            Self::SameGroup => "主催の団体が同じです。",
            Self::SameOrganiser => "主催が同じです。",
            Self::OtherOrganiser => "主催が違います。",
            Self::Page => "案内のページ(URL)が同じです。",
            Self::List => "",
            Self::Series => "片方だけがくり返しの予定です。",
            Self::Cancelled => "片方だけが中止になっています。",
        };
        sentence.to_owned()
    }
}

fn of_times(times: Times) -> i32 {
    match times {
        Times::SameStart => 25,
        Times::SameDays => 22,
        Times::HalfAnHour => 18,
        Times::OneWithout => 14,
        Times::AnHour => 12,
        Times::Overlap => 10,
        Times::FourHours => 4,
        Times::Far => -20,
        Times::OneOfMany => -12,
    }
}

fn said_of_times(times: Times) -> &'static str {
    match times {
        Times::SameStart => "同じ日の同じ時刻に始まります。",
        Times::SameDays => "開催する日が同じです。",
        Times::HalfAnHour => "同じ日に始まり、時刻の差は30分までです。",
        Times::OneWithout => "同じ日です(片方には時刻がありません)。",
        Times::AnHour => "同じ日に始まり、時刻の差は1時間までです。",
        Times::Overlap => "期間の半分以上が重なります。",
        Times::FourHours => "同じ日に始まり、時刻の差は4時間までです。",
        Times::Far => "始まる時刻が4時間より離れています。",
        Times::OneOfMany => "片方は1日だけ、もう片方は何日も続く予定です。",
    }
}

fn said_of_name(alike: f64, named: Named) -> &'static str {
    match (alike, named) {
        (..NAME_FROM, _) => "名前が似ていません。",
        (1.0.., Named::Typed) => "名前が同じです。",
        (0.9.., Named::Read) => "読みが同じです。",
        (0.9.., _) => "名前が同じです(「第10回」「【中止】」などを除いて比べました)。",
        (0.7.., _) => "名前がよく似ています。",
        _ => "名前に同じ言葉があります。",
    }
}

fn of_places(places: Places) -> i32 {
    match places {
        Places::Site | Places::Name | Places::Address => 22,
        Places::Within | Places::Near => 17,
        Places::Similar => 10,
        Places::Unknown => 4,
        Places::Rooms => -14,
        Places::Other => -18,
    }
}

fn said_of_places(places: Places) -> &'static str {
    match places {
        Places::Site => "場所が同じ建物です。",
        Places::Name => "場所の名前が同じです。",
        Places::Address => "場所の住所が同じです。",
        Places::Within => "場所の名前の一方が、もう一方に含まれます。",
        Places::Near => "場所が200メートル以内です。",
        Places::Similar => "場所の名前が似ています。",
        Places::Unknown => "",
        Places::Rooms => "同じ建物ですが、部屋が違います。",
        Places::Other => "場所が違います。",
    }
}
