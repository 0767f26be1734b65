//! What is kept of a group: the row, its versions and the trail, together or not at all.

use kyodo::audit::{Actor, Channel};
use kyodo::groups::{self, Change, Draft, history};
use kyodo::mail::{self, Letter, Recipient, Topic};
use kyodo::{db, groups::Duty};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::{World, now};

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {table}");
    let row = world.db().query_one_raw(Statement::from_string(world.db().get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "count").unwrap()
}

#[tokio::test]
async fn every_kept_state_of_a_group_is_a_version_and_a_line_of_the_trail() {
    let world = World::new().await;
    let id = world.group("見本 海の会", "ウミノカイ").await;
    let (actor, city) = (Actor::named("見本 職員"), world.app.city());
    let draft = Draft { name: "見本 山の会".to_owned(), ..history::load(world.db(), id).await.unwrap().unwrap() };
    let change = Change {
        group_id: Some(id),
        draft: &draft,
        actor: &actor,
        channel: Channel::Fax,
        action: "変更",
        reason: "名称の変更届",
    };
    groups::keep(world.db(), &city, change, now()).await.unwrap();
    let versions = history::versions(world.db(), id).await.unwrap();
    let told: Vec<(i32, String, &str)> =
        versions.iter().map(|v| (v.number, v.draft().unwrap().name, v.channel().label())).collect();
    assert_eq!(told, [(2, "見本 山の会".to_owned(), "FAX"), (1, "見本 海の会".to_owned(), "窓口")]);
    assert_eq!(count(&world, "audit").await, 2);
}

#[tokio::test]
async fn a_change_that_is_rolled_back_leaves_neither_version_nor_trail_nor_letter() {
    let world = World::new().await;
    let (actor, city) = (Actor::named("見本 職員"), world.app.city());
    let draft = Draft { name: "見本 海の会".to_owned(), kana: "ウミノカイ".to_owned(), ..Draft::default() };
    let change =
        Change {
            group_id: None, draft: &draft, actor: &actor, channel: Channel::Counter, action: "登録", reason: ""
        };
    let transaction = db::begin(world.db()).await.unwrap();
    groups::keep(&transaction, &city, change, now()).await.unwrap();
    let to = Recipient { mail: "mihon@example.jp".to_owned(), name: String::new() };
    let letter = Letter::new("test", to, ("件名".to_owned(), "本文".to_owned())).with_secret("link", "x");
    mail::post(&transaction, &letter, "kyodo.example.jp", now()).await.unwrap();
    transaction.rollback().await.unwrap();
    for table in ["groups", "group_versions", "audit", "letters"] {
        assert_eq!(count(&world, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn letters_to_many_wait_and_pass_by_those_who_declined_their_topic() {
    let world = World::new().await;
    let batch = mail::open_batch(world.db(), Topic::Renewal, "更新確認", "見本 職員", now()).await.unwrap();
    let sql = "INSERT INTO declined_topics (mail, topic, declined_at) VALUES (?, ?, ?)";
    let values = vec!["no@example.jp".into(), "renewal".into(), now().into()];
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
    let letters: Vec<Letter> = ["No@example.jp", "yes@example.jp"]
        .map(|mail| {
            let to = Recipient { mail: mail.to_owned(), name: String::new() };
            let mut letter = Letter::new("test", to, ("件名".to_owned(), "本文".to_owned()));
            letter.batch = Some(batch);
            letter
        })
        .to_vec();
    assert_eq!(mail::post_all(world.db(), &letters, "kyodo.example.jp", now()).await.unwrap(), 1);
    let posted = world.letters().await;
    assert_eq!((posted[0].to_mail.as_str(), posted[0].state.as_str()), ("yes@example.jp", "held"));
    assert_eq!(posted[0].secret("unsubscribe").len(), 43);
}

#[tokio::test]
async fn a_person_may_look_after_several_groups_and_a_group_may_have_several_people() {
    let world = World::new().await;
    let (sea, hill) = (world.group("見本 海の会", "ウミノカイ").await, world.group("見本 丘の会", "オカノカイ").await);
    world.join(sea, "a@example.jp", Duty::Representative).await;
    world.join(hill, "a@example.jp", Duty::Member).await;
    world.join(sea, "B@example.jp", Duty::Member).await;
    let people = groups::member::of_group(world.db(), sea).await.unwrap();
    assert_eq!(people.iter().map(|m| m.mail.as_str()).collect::<Vec<_>>(), ["a@example.jp", "b@example.jp"]);
    let own = groups::member::of_account(world.db(), people[0].account_id).await.unwrap();
    assert_eq!(own.iter().map(|m| m.group_name.as_str()).collect::<Vec<_>>(), ["見本 海の会", "見本 丘の会"]);
}
