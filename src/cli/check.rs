//! `kyodo check`: whether settings and database are sound.

use crate::config::Config;
use crate::db;
use crate::inbound;
use crate::mail::{self, Post};
use crate::revision;

pub(super) async fn run(config: &Config) -> anyhow::Result<bool> {
    println!("待ち受け      {}", config.listen);
    println!("公開アドレス  {}", config.base_url);
    println!("データの場所  {}", config.data_dir.display());
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let revisions = revision::current(&database).await?;
    println!("データベース  使えます（名簿の版 {}、予定の版 {}）", revisions.groups, revisions.calendar);
    let mail_works = check_mail(config).await?;
    let mail_works = check_mailbox(config).await? && mail_works;
    if config.base_url.starts_with("http://") && !config.listen.ip().is_loopback() {
        println!(
            "注意: 公開アドレスが http です。外へ公開するときは https のアドレスを KYODO_BASE_URL に書いてください。"
        );
        return Ok(false);
    }
    if mail_works {
        println!("問題は見つかりませんでした。");
    }
    Ok(mail_works)
}

/// Opens the mailbox that answers come to.
async fn check_mailbox(config: &Config) -> anyhow::Result<bool> {
    let Some(url) = &config.imap_url else {
        println!("届くメール    設定 KYODO_IMAP_URL がないため、メールボックスは読みません。");
        return Ok(true);
    };
    let mailbox = inbound::Mailbox::parse(url)?;
    println!("届くメール    {mailbox:?} {}", mailbox.label());
    let answer = inbound::try_mailbox(&mailbox).await;
    match &answer {
        Ok(unseen) => println!("メールボックス つながりました(未読 {unseen}通)"),
        Err(fault) => println!("メールボックス 使えません: {fault:#}"),
    }
    Ok(answer.is_ok())
}

/// Tries the mail server; a setting that cannot be used is a fault of its own.
async fn check_mail(config: &Config) -> anyhow::Result<bool> {
    let Some(post) = Post::from_config(config)? else {
        println!("メール        設定 KYODO_SMTP_URL がないため送りません。手紙は /staff/mail で読めます。");
        return Ok(true);
    };
    let server = &post.server;
    println!("メール        {}:{} {} 差出人 {}", server.host, server.port, server.tls.label(), post.from.email);
    if let Some(key) = &post.key {
        println!("メールの署名  {} の公開鍵がDNSに必要です。", key.record());
    }
    let answer = mail::try_server(server).await;
    match &answer {
        Ok(told) => println!("メールサーバー {told}"),
        Err(fault) => println!("メールサーバー 使えません: {fault}"),
    }
    Ok(answer.is_ok())
}
