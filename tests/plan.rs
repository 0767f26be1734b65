//! The plan as people see it.

use axum::http::StatusCode;

use crate::world::{World, said};

fn rows(page: &str) -> usize {
    page.matches("<td class=\"code\">").count()
}

#[tokio::test]
async fn the_plan_lists_its_38_items_with_all_three_marks_in_the_legend() {
    let world = World::new().await;
    let page = world.page("/plans/2009").await;
    assert_eq!(rows(&page), 38);
    for (words, count) in [("市民と市が主体", "26項目"), ("市が主体", "12項目"), ("市民が主体", "0項目")]
    {
        let legend = &page[page.find("class=\"legend\"").unwrap()..];
        let entry = &legend[legend.find(&format!("</span> {words}</span>")).unwrap()..];
        assert!(entry[..entry.find("</li>").unwrap()].contains(count), "{words}");
    }
    assert_eq!(page.matches("class=\"theme\"").count(), 24);
    assert_eq!(page.matches("aria-labelledby=\"policy-").count(), 5);
    for word in ["起", "承", "転", "結", "共創", "平成21年4月"] {
        assert!(page.contains(word), "{word}");
    }
}

#[tokio::test]
async fn items_can_be_narrowed_by_mark_policy_department_and_flag() {
    let world = World::new().await;
    for (query, count) in [
        ("mark=joint", 26),
        ("mark=%E2%97%8E", 26),
        ("mark=city", 12),
        ("mark=citizen", 0),
        ("policy=3", 14),
        ("department=%E8%81%B7%E5%93%A1", 1),
        ("flag=new", 11),
        ("flag=repeated", 1),
        ("flag=continued", 3),
        ("policy=3&mark=city", 3),
    ] {
        assert_eq!(rows(&world.page(&format!("/plans/2009?{query}")).await), count, "{query}");
    }
}

#[tokio::test]
async fn a_condition_that_means_nothing_is_named_and_ignored() {
    let world = World::new().await;
    let page = world.page("/plans/2009?mark=star&policy=x%3Cscript%3E").await;
    assert_eq!(rows(&page), 38);
    assert!(page.contains("主体「star」は選べません。"));
    assert!(!page.contains("<script>"));
}

#[tokio::test]
async fn an_item_shows_its_text_its_cadence_and_its_twin() {
    let world = World::new().await;
    let item = world.page("/plans/2009/items/1-04").await;
    assert!(item.contains("市民協働推進指針の概要版及び本編の掲載します。※2ヶ月に1回程度"));
    let meeting = world.page("/plans/2009/items/2-04").await;
    assert!(meeting.contains("3-01 と同じ活動です"));
    assert!(meeting.contains("href=\"/plans/2009/items/3-01\""));
    assert!(world.page("/plans/2009/items/4-03").await.contains("新規"));
}

#[tokio::test]
async fn a_second_plan_stands_beside_the_first() {
    let world = World::new().await;
    let plan = r#"{"fiscal_year":2010,"title":"平成22年度の計画（見本）","policies":[{"number":1,"title":"試す","themes":[
        {"heading":"見出し","items":[{"code":"1-01","mark":"★","title":"試し","content":"試します。"}]}]}]}"#;
    let file = world.file("plan.json", plan);
    let output = world.kyodo(&["import", "plan", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(rows(&world.page("/plans/2010").await), 1);
    assert_eq!(rows(&world.page("/plans/2009").await), 38);
    let index = world.page("/plans").await;
    assert!(index.find("/plans/2010").unwrap() < index.find("/plans/2009").unwrap());
}

#[tokio::test]
async fn a_plan_comes_back_from_its_own_export_unchanged() {
    let world = World::new().await;
    let file = world.folder().join("out.json");
    let file = file.to_str().unwrap();
    assert!(world.kyodo(&["export", "plan", file]).status.success());
    let output = world.kyodo(&["import", "plan", file]);
    assert_eq!(said(&output).matches("変更なし").count(), 39, "{}", said(&output));
    assert_eq!(world.get("/plans/2009").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_broken_plan_file_is_refused_with_line_and_column_and_changes_nothing() {
    let world = World::new().await;
    let file = world.file("broken.json", "{\n  \"fiscal_year\": 2011,\n  oops\n}");
    let output = world.kyodo(&["import", "plan", file.to_str().unwrap()]);
    assert!(!output.status.success());
    assert!(said(&output).contains("3行 3文字目"), "{}", said(&output));
    let twice = r#"{"fiscal_year":2011,"title":"t","policies":[{"number":1,"title":"p","themes":[{"heading":"h","items":[
        {"code":"1-01","mark":"◎","title":"a","content":"a"},{"code":"1-01","mark":"◎","title":"b","content":"b"}]}]}]}"#;
    let file = world.file("twice.json", twice);
    let output = world.kyodo(&["import", "plan", file.to_str().unwrap()]);
    assert!(said(&output).contains("「1-01」が2回"), "{}", said(&output));
    assert_eq!(world.get("/plans/2011").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_linked_to_either_of_two_twins_stands_under_both_and_under_no_other() {
    let world = World::new().await;
    let events = "イベント名,開始日,アクションプラン項目\n見本 早い会,2026-12-01,2-04\n見本 遅い会,2026-12-02,3-01\n";
    let file = world.file("events.csv", events);
    assert!(world.kyodo(&["import", "events", file.to_str().unwrap()]).status.success());
    let groups = "団体名,団体名ふりがな,アクションプラン項目\n見本 つなぐ会,つなぐかい,3-01\n";
    let file = world.file("groups.csv", groups);
    assert!(world.kyodo(&["import", "groups", file.to_str().unwrap()]).status.success());
    for (code, shown) in [("2-04", true), ("3-01", true), ("3-02", false)] {
        let page = world.page(&format!("/plans/2009/items/{code}")).await;
        for name in ["見本 早い会", "見本 遅い会", "見本 つなぐ会"] {
            assert_eq!(page.contains(name), shown, "{name} under {code}");
        }
    }
    let list = world.page("/plans/2009?policy=2").await;
    assert!(list.contains("予定 2件・団体 1件"), "counted once for the activity");
}
