//! Why nothing was fetched, told to the person who gave the address. No sentence holds a part of the address.

/// Why nothing was fetched: what happened and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address of the web.
    #[error(
        "アドレスとして読めません。「https://」か「webcal://」で始まるアドレスを、カレンダーの設定の画面から、そのまま写してください。"
    )]
    NoAddress,
    /// It holds a name and a password.
    #[error(
        "アドレスの中に利用者名やパスワードが書かれているため、読みません。利用者名とパスワードの入らないアドレスを使ってください。"
    )]
    Login,
    /// It names a port that is not one of the web's.
    #[error("このポート番号のアドレスは読みません。ポート番号(「:8080」など)のないアドレスを使ってください。")]
    Port,
    /// It leads to a machine inside some network.
    #[error(
        "インターネットに公開されていない場所(庁内や手元の機械など)のアドレスのため、読みません。公開されているアドレスを使ってください。"
    )]
    Private,
    /// Nobody knows the name.
    #[error("アドレスにあるサーバーが見つかりません。アドレスのつづりを確かめてください。")]
    Unknown,
    /// Nobody answers.
    #[error("相手のサーバーにつながりません。しばらくしてから、もう一度お試しください。")]
    Unreachable,
    /// The connection is not safe.
    #[error("相手のサーバーの証明書を確かめられないため、読みません。アドレスが正しいか、確かめてください。")]
    Certificate,
    /// It was passed on too often.
    #[error("アドレスの転送が何度も続くため、読むのをやめました。転送された先のアドレスを使ってください。")]
    Redirects,
    /// It was passed on to a place that is no address.
    #[error("アドレスの転送先が正しくないため、読めません。カレンダーの設定の画面から、アドレスを写し直してください。")]
    BadRedirect,
    /// It was passed on from a safe connection to one that is not.
    #[error(
        "安全な接続(https)から、安全でない接続(http)へ転送されるため、読みません。転送のないアドレスを使ってください。"
    )]
    Downgrade,
    /// It is no longer there, or never was.
    #[error("このアドレスには何もありません({0})。カレンダーの設定の画面から、アドレスを写し直してください。")]
    Gone(u16),
    /// It may not be read without signing in.
    #[error(
        "読むことが許されていないアドレスです({0})。サインインしなくても読める、非公開用のアドレス(iCal形式)を使ってください。"
    )]
    Forbidden(u16),
    /// The server asks for a rest or is out of order.
    #[error("相手のサーバーが、いまは答えられないと言っています({0})。しばらくしてから、もう一度お試しください。")]
    Busy(u16),
    /// The server answers with something else.
    #[error("相手のサーバーの答えを読めません({0})。アドレスを確かめてください。")]
    Answer(u16),
    /// It is larger than is taken.
    #[error("10MBを超えるため、読むのをやめました。小さいカレンダーのアドレスを使ってください。")]
    TooLarge,
    /// It took too long.
    #[error("15秒たっても読み終わらないため、やめました。しばらくしてから、もう一度お試しください。")]
    TooSlow,
    /// What came is broken, or packed in a way that is not known.
    #[error("届いたものが途中で切れているか、こわれています。しばらくしてから、もう一度お試しください。")]
    Broken,
}

impl Refused {
    /// What a status that is no success means.
    pub(super) fn by_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::Gone(status),
            401 | 403 | 407 | 451 => Self::Forbidden(status),
            408 | 425 | 429 | 500..=599 => Self::Busy(status),
            _ => Self::Answer(status),
        }
    }
}
