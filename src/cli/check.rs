//! `kyodo check`: whether settings and database are sound.

use crate::config::Config;
use crate::db;
use crate::revision;

pub(super) async fn run(config: &Config) -> anyhow::Result<bool> {
    println!("待ち受け      {}", config.listen);
    println!("公開アドレス  {}", config.base_url);
    println!("データの場所  {}", config.data_dir.display());
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let revisions = revision::current(&database).await?;
    println!("データベース  使えます（名簿の版 {}、予定の版 {}）", revisions.groups, revisions.calendar);
    if config.base_url.starts_with("http://") && !config.listen.ip().is_loopback() {
        println!(
            "注意: 公開アドレスが http です。外へ公開するときは https のアドレスを KYODO_BASE_URL に書いてください。"
        );
        return Ok(false);
    }
    println!("問題は見つかりませんでした。");
    Ok(true)
}
