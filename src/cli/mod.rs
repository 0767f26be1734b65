//! The commands of the one binary.

mod check;
mod export;
mod feeds;
mod ics;
mod import;
mod inbound;
mod migrate;
mod outreach;
mod serve;
mod sign_in_link;
mod staff;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::clock::Clock;
use crate::config::Config;

/// 市民協働の計画・団体名簿・予定を扱うシステム「協働」
#[derive(Debug, Parser)]
#[command(name = "kyodo", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// サイトを動かします（何も指定しないときの動作）
    Serve,
    /// 架空の見本データでサイトを動かします
    Demo,
    /// データベースの準備をします
    #[command(subcommand)]
    Migrate(Migrate),
    /// ファイルから取り込みます
    Import(Import),
    /// ファイルへ書き出します
    Export(Export),
    /// カレンダーファイル（ICS）がどう読めるかを調べます
    #[command(subcommand)]
    Ics(Ics),
    /// ほかのカレンダー（情報源）を登録し、読みます
    #[command(subcommand)]
    Feeds(Feeds),
    /// 出前説明会の派遣を計画します
    #[command(subcommand)]
    Outreach(Outreach),
    /// 届いたメールを1通、標準入力から受け取ります（メールサーバーのパイプ用）
    Inbound,
    /// 設定とデータベースに問題がないかを調べます
    Check,
    /// 職員と管理者を登録します
    #[command(subcommand)]
    Staff(Staff),
    /// 1回だけ使えるサインインのアドレスを出します（メールが使えないとき）
    SignInLink {
        /// メールアドレス
        mail: String,
    },
}

#[derive(Debug, Subcommand)]
enum Feeds {
    /// アドレスを登録し、すぐに読みます
    Add {
        /// カレンダー（ICS）、表（CSV）、イベントの案内ページのアドレス
        url: String,
        /// 名前
        #[arg(long)]
        name: String,
        /// 1件ずつ確認してから公開します（書かないときは、すぐに公開します）
        #[arg(long)]
        review: bool,
    },
    /// 登録した情報源を示します
    List {
        /// JSONで出します
        #[arg(long)]
        json: bool,
    },
    /// いますぐ読みます
    Refresh {
        /// 情報源の番号（書かないときは、取り込み中のすべて）
        id: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Outreach {
    /// 派遣の問題（JSON）を解き、答えをJSONで出します
    Plan {
        /// JSONファイル
        file: PathBuf,
        /// さがす時間の上限（秒）
        #[arg(long, default_value_t = 60.0)]
        limit: f64,
    },
}

#[derive(Debug, Subcommand)]
enum Staff {
    /// 加えます。すでにいる人は、名前と役割を改めます
    Add {
        /// メールアドレス
        mail: String,
        /// 名前
        #[arg(long)]
        name: String,
        /// 役割
        #[arg(long, value_enum)]
        role: StaffRole,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StaffRole {
    /// 職員
    Staff,
    /// 管理者
    Admin,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Migrate {
    /// 最新の形にします
    Up,
    /// 最後の手順を1つ取り消します
    Down,
    /// 済んだ手順と、これからの手順を示します
    Status,
}

/// What can be taken in or written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Noun {
    /// 団体名簿
    Groups,
    /// 予定
    Events,
    /// 施設
    Facilities,
    /// 計画
    Plan,
}

#[derive(Debug, Args)]
struct Import {
    /// 取り込むもの
    what: Noun,
    /// ファイル（CSV、XLSX、予定はICSも、計画はJSON）
    file: PathBuf,
    /// 取り込まずに、結果の報告だけを見ます
    #[arg(long)]
    dry_run: bool,
    /// 報告をJSONで出します
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Export {
    /// 書き出すもの
    what: Noun,
    /// ファイル（.csv か .xlsx、予定は .ics、計画は .json も）
    file: PathBuf,
    /// CSVの文字コード
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Encoding {
    /// UTF-8（BOM付き。Excelで開けます）
    Utf8,
    /// CP932（Shift_JIS。書けない文字は報告します）
    Cp932,
}

#[derive(Debug, Subcommand)]
enum Ics {
    /// 取り込めるもの・取り込めないものと、その理由を示します
    Check {
        /// ICSファイル
        file: PathBuf,
    },
    /// 期間内の開催を1行ずつJSONで示します
    Expand {
        /// ICSファイル
        file: PathBuf,
        /// この日から（2026-04-01）
        #[arg(long)]
        from: NaiveDate,
        /// この日の前日まで（2027-04-01）
        #[arg(long)]
        to: NaiveDate,
    },
}

impl Cli {
    /// Runs the chosen command and gives its exit code: 2 when it worked but reports a problem.
    pub async fn run(self, clock: Clock) -> anyhow::Result<u8> {
        self.command.unwrap_or(Command::Serve).run(clock).await
    }
}

impl Command {
    /// Runs it and gives its exit code.
    async fn run(self, clock: Clock) -> anyhow::Result<u8> {
        let config = Config::load().map_err(anyhow::Error::from);
        let mut is_well = true;
        match self {
            // A mail server reads codes of its own, also where the settings cannot be used.
            Self::Inbound => return Ok(inbound::run(config, clock).await),
            Self::Serve => serve::serve(config?, clock).await?,
            Self::Demo => serve::demo(config?.into_demo(), clock).await?,
            Self::Migrate(step) => migrate::run(&config?, clock, step).await?,
            Self::Import(import) => is_well = import::run(&config?, clock, &import).await?,
            Self::Export(export) => is_well = export::run(&config?, clock, &export).await?,
            Self::Ics(Ics::Check { file }) => is_well = ics::check(&file)?,
            Self::Ics(Ics::Expand { file, from, to }) => ics::expand(&file, from, to)?,
            Self::Feeds(command) => is_well = feeds::run(config?, clock, command).await?,
            Self::Outreach(Outreach::Plan { file, limit }) => outreach::plan(&file, limit)?,
            Self::Check => is_well = check::run(&config?).await?,
            Self::Staff(Staff::Add { mail, name, role }) => staff::add(&config?, clock, &mail, &name, role).await?,
            Self::SignInLink { mail } => sign_in_link::run(&config?, clock, &mail).await?,
        }
        Ok(if is_well { 0 } else { 2 })
    }
}
