//! What a decision is, and how far it is.

/// What was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 決まったこと: nobody has to do anything more about it.
    Decision,
    /// 宿題: somebody does something until a day.
    Task,
    /// 持ち越し: to be talked about again.
    Carried,
}

impl Kind {
    /// All kinds in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Decision, Self::Task, Self::Carried];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Task => "task",
            Self::Carried => "carried",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Decision => "決まったこと",
            Self::Task => "宿題",
            Self::Carried => "持ち越し",
        }
    }

    /// The words beside the choice.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Decision => "決まったこと(このあとすることは、ありません)",
            Self::Task => "宿題(だれかが、期限までにします)",
            Self::Carried => "持ち越し(次の会議で、もう一度話します)",
        }
    }

    /// The state in which it begins.
    pub fn first_state(self) -> State {
        match self {
            Self::Decision => State::Done,
            Self::Task | Self::Carried => State::Open,
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be done, or to be talked about again.
    Open,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

impl State {
    /// Those that end a task, in the order in which they are offered.
    pub const ENDS: [Self; 2] = [Self::Done, Self::Dropped];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Dropped].into_iter().find(|state| state.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "これから",
            Self::Done => "終わりました",
            Self::Dropped => "取りやめ",
        }
    }
}
