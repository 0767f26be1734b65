//! Letters for `bin/bench`: a round of many, an outbox of years, and a way in to look at it.
//!
//! `letters queue DATABASE COUNT` writes the letters of a round in one transaction, tells the milliseconds, and releases them.
//! `letters fill DATABASE COUNT` writes letters that were sent. `letters cookie DATABASE [MAIL]` prints the cookie of a member of staff,
//! or of the account with this address.

use std::time::Instant;

use anyhow::{Context, bail};
use kyodo::accounts::{Role, account, session};
use kyodo::audit::Actor;
use kyodo::clock::Clock;
use kyodo::db;
use kyodo::mail::{self, Batch, Decision, Letter, Recipient, Topic};
use sea_orm::{ConnectionTrait, DatabaseConnection};

const BODY: &str = include_str!("../templates/mail/mail/test.txt");

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, url, rest @ ..] = &arguments[..] else {
        bail!("usage: letters queue|fill|cookie DATABASE [COUNT|MAIL]")
    };
    let database = db::connect(url, false).await?;
    let count = || rest.first().map_or(Ok(0), |count| count.parse()).context("COUNT");
    match command.as_str() {
        "queue" => queue(&database, count()?).await,
        "fill" => fill(&database, count()?).await,
        "cookie" => cookie(&database, rest.first().map_or("shokuin@example.jp", String::as_str)).await,
        _ => bail!("no such command: {command}"),
    }
}

async fn round(db: &impl ConnectionTrait, count: usize) -> anyhow::Result<Batch> {
    let now = Clock::System.now();
    let batch = mail::open_batch(db, Topic::Renewal, "見本の更新確認", "見本 職員", now).await?;
    let letters: Vec<Letter> = (0..count)
        .map(|number| {
            let to = Recipient { mail: format!("mihon{number}@example.jp"), name: format!("見本の会 {number}") };
            let text =
                (format!("見本の会 {number} の登録内容の確認"), format!("{BODY}\n{{{{secret:リンク}}}}\n").repeat(4));
            let link = format!("https://kyodo.example.jp/confirm/{}", kyodo::chance::token());
            Letter { batch: Some(batch), ..Letter::new("test.round", to, text) }.with_secret("リンク", link)
        })
        .collect();
    mail::post_all(db, &letters, "kyodo.example.jp", now).await?;
    Ok(batch)
}

async fn queue(database: &DatabaseConnection, count: usize) -> anyhow::Result<()> {
    let began = Instant::now();
    let transaction = db::begin(database).await?;
    let batch = round(&transaction, count).await?;
    transaction.commit().await?;
    println!("{:.1}", began.elapsed().as_secs_f64() * 1000.0);
    let batch = mail::find_batch(database, batch.id).await?.context("batch")?;
    mail::decide_all(database, &batch, Decision::Release, &Actor::named("見本 職員"), Clock::System.now()).await?;
    Ok(())
}

async fn fill(database: &DatabaseConnection, count: usize) -> anyhow::Result<()> {
    let transaction = db::begin(database).await?;
    for _ in 0..count.div_ceil(1000) {
        round(&transaction, 1000).await?;
    }
    transaction.execute_unprepared("UPDATE letters SET state = 'sent', sent_at = created_at, secrets = '{}'").await?;
    transaction.commit().await?;
    Ok(())
}

async fn cookie(database: &DatabaseConnection, mail: &str) -> anyhow::Result<()> {
    let now = Clock::System.now();
    account::insert(database, mail, "見本 職員", Role::Staff, now).await?;
    let account = account::find_by_mail(database, mail).await?.context("account")?;
    let token = session::open(database, account.id, ("bench", "local"), now).await?;
    let (session, _) = session::find(database, &token, now).await?.context("session")?;
    session::pass_second_factor(database, session.id, now).await?;
    println!("kyodo={token}");
    Ok(())
}
