//! Reports of errors: anybody may send one about a page that exists; the office settles and answers it.

use axum::http::StatusCode;
use kyodo::calendar::{self, Desk, Draft, OWN, Span};
use kyodo::reports;
use sea_orm::ConnectionTrait;

use crate::world::{World, now, today};

async fn settled(world: &World, path: &str) -> String {
    let row = world.db().query_one_raw(sea_orm::Statement::from_string(
        world.db().get_database_backend(),
        format!("SELECT state FROM reports WHERE page = '{path}'"),
    ));
    row.await.unwrap().unwrap().try_get("", "state").unwrap()
}

#[tokio::test]
async fn a_report_reaches_the_office_with_its_page_and_is_answered_by_mail() {
    let world = World::new().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    let page = world.page(&format!("/groups/{group}")).await;
    assert!(page.contains(&format!("/report?page=/groups/{group}")));
    let visitor = world.visitor();
    let form = visitor.get(&format!("/report?page=/groups/{group}")).await;
    assert_eq!((form.status, form.header("cache-control")), (StatusCode::OK, "no-store"));
    let path = format!("/groups/{group}");
    let fields = [("page", path.as_str()), ("body", "電話番号が<古い>ようです。"), ("mail", "Shimin@Example.jp")];
    let to = visitor.done("/report", &fields).await;
    assert!(visitor.page(&to).await.contains("お知らせを受け取りました"));
    let (total, waiting) = reports::waiting(world.db(), 10).await.unwrap();
    assert_eq!((total, waiting[0].kind, waiting[0].title.as_str()), (1, "報告", "見本 海の会"));
    assert_eq!(waiting[0].group_id, Some(group));
    let staff = world.staff().await;
    let shown = staff.page(&waiting[0].path).await;
    assert!(shown.contains("電話番号が&#60;古い&#62;ようです。") && shown.contains(&path));
    assert!(staff.page("/staff/reports").await.contains(&waiting[0].path));
    let unfit = staff.post(&waiting[0].path, &[("note", ""), ("answer", "直しました。")]).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().contains("直しました。"));
    staff.done(&waiting[0].path, &[("note", "団体に確かめた。"), ("answer", "直しました。")]).await;
    assert_eq!(settled(&world, &path).await, "done");
    let letters = world.letters().await;
    assert_eq!((letters[0].kind.as_str(), letters[0].to_mail.as_str()), ("reports.answer", "shimin@example.jp"));
    assert!(letters[0].body.contains("直しました。") && !letters[0].body.contains("団体に確かめた。"));
    // A colleague who was slower loses nothing and sends nothing.
    let slow = staff.post(&waiting[0].path, &[("note", "私も確かめた。"), ("answer", "二通目")]).await;
    assert_eq!(slow.status, StatusCode::CONFLICT);
    assert!(slow.text().contains("私も確かめた。"));
    assert_eq!(world.letters().await.len(), 1);
}

#[tokio::test]
async fn only_pages_of_this_site_that_exist_can_be_reported() {
    let world = World::new().await;
    let city = world.app.city();
    let desk = Desk { city: &city, host: "kyodo.example.jp", now: now(), today: today() };
    let span = Span::Days { first: today(), last: today() };
    let public = Draft::new(OWN, "1", "見本 行事", span, city.profile.zone);
    let hidden = Draft { public: false, ..Draft::new(OWN, "2", "見本 ひみつ", span, city.profile.zone) };
    let public = calendar::store(world.db(), &desk, &public).await.unwrap().id;
    let hidden = calendar::store(world.db(), &desk, &hidden).await.unwrap().id;
    for page in [format!("/events/{public}"), "/plans/2009/items/3-05".to_owned()] {
        assert_eq!(world.get(&format!("/report?page={page}")).await.status, StatusCode::OK, "{page}");
        assert!(world.page(&page).await.contains("まちがいを知らせる"), "{page}");
    }
    for page in [
        format!("/events/{hidden}"),
        "https://example.com/".to_owned(),
        "//example.com/groups/1".to_owned(),
        "/staff".to_owned(),
        "/groups/00000000-0000-0000-0000-000000000000".to_owned(),
        "/plans/2009/items/9-99".to_owned(),
        String::new(),
    ] {
        assert_eq!(world.get(&format!("/report?page={page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        let sent = world.visitor().post("/report", &[("page", &page), ("body", "違います")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(reports::waiting(world.db(), 10).await.unwrap().0, 0);
}

#[tokio::test]
async fn reports_are_limited_and_machines_are_thanked_for_nothing() {
    let world = World::new().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    let path = format!("/groups/{group}");
    let visitor = world.visitor();
    let trapped = [("page", path.as_str()), ("body", "buy"), ("website", "https://example.com")];
    visitor.done("/report", &trapped).await;
    assert_eq!(reports::waiting(world.db(), 10).await.unwrap().0, 0);
    let long = "あ".repeat(2001);
    for (body, mail) in [("", ""), (long.as_str(), ""), ("違います", "a@b\r\nBcc: x@example.jp")] {
        let sent = visitor.post("/report", &[("page", &path), ("body", body), ("mail", mail)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{mail}");
    }
    for _ in 0..5 {
        visitor.done("/report", &[("page", &path), ("body", "違います")]).await;
    }
    let sixth = visitor.post("/report", &[("page", &path), ("body", "違います")]).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reports::waiting(world.db(), 2).await.unwrap().0, 5);
    for path in ["/staff/reports".to_owned(), "/staff/reports/00000000-0000-0000-0000-000000000000".to_owned()] {
        let member = world.member("a@example.jp").await;
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
