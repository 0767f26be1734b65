//! What holds on every page.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::world::World;

#[tokio::test]
async fn an_unknown_address_is_a_japanese_page_that_says_where_to_go() {
    let world = World::new().await;
    for path in
        ["/nowhere", "/groups/not-an-id", "/plans/1999", "/plans/2009/items/9-99", "/events/%00", "/static/no.css"]
    {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().contains("ページが見つかりません"), "{path}");
        assert!(answer.text().contains("href=\"/events\""), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_only_shows_refuses_to_act_and_says_so() {
    let world = World::new().await;
    let answer = world.ask(Request::post("/plans/2009").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert!(answer.text().contains("この操作はできません"));
}

#[tokio::test]
async fn every_answer_forbids_scripts_from_elsewhere_and_framing() {
    let world = World::new().await;
    for path in ["/", "/nowhere", "/calendar.ics"] {
        let answer = world.get(path).await;
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn static_files_may_be_kept_because_their_address_changes_with_them() {
    let world = World::new().await;
    let home = world.page("/").await;
    let at = home.find("/static/kyodo.css?v=").expect("the page names its style");
    let url: String = home[at..].chars().take_while(|c| *c != '"').collect();
    let answer = world.get(&url).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_kept_page_is_made_anew_when_another_process_changes_what_it_shows() {
    let world = World::new().await;
    let before = world.page("/groups").await;
    assert_eq!(world.page("/groups").await, before);
    let file = world.file("groups.csv", "団体名,団体名ふりがな\n見本 あたらしい会,あたらしいかい\n");
    assert!(world.kyodo(&["import", "groups", file.to_str().unwrap()]).status.success());
    assert!(!before.contains("見本 あたらしい会"));
    assert!(world.page("/groups").await.contains("見本 あたらしい会"));
    let somebody = Request::get("/groups").header("cookie", "a=b").body(Body::empty()).unwrap();
    assert!(world.ask(somebody).await.text().contains("見本 あたらしい会"));
}

#[tokio::test]
async fn a_monitor_learns_whether_the_site_runs_and_can_work() {
    let world = World::new().await;
    assert_eq!(world.page("/healthz").await, "ok\n");
    assert_eq!(world.page("/readyz").await, "ready\n");
}
