//! Invitations, hand-overs and claims while the site is killed.

use std::sync::Arc;

use kyodo::groups::Duty;
use uuid::Uuid;

use super::{member_cookie, number, real_world, sent, staff_cookie, under_fire};
use crate::world::{Posted, World};

/// Groups that are handed over or claimed.
const GROUPS: usize = 80;

fn token(letter: &Posted, path: &str) -> String {
    letter.secret("リンク").split_once(path).unwrap().1.to_owned()
}

async fn letters(world: &World, kind: &str) -> Vec<Posted> {
    world.letters().await.into_iter().filter(|letter| letter.kind == kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_no_invitation_without_its_letter() {
    let world = real_world().await;
    let mut groups = Vec::new();
    for turn in 0..GROUPS {
        let group = world.group(&format!("見本 {turn}の会"), "ミホン").await;
        world.join(group, "mihon@example.jp", Duty::Representative).await;
        groups.push(group);
    }
    let (groups, cookie) = (Arc::new(groups), member_cookie(&world, "mihon@example.jp").await);
    let answered = under_fire(&world, move |client, base, turn| {
        let (groups, cookie) = (groups.clone(), cookie.clone());
        async move {
            let mail = format!("hito{turn}@example.jp");
            let url = format!("{base}/me/groups/{}/people/invitations", groups[turn % groups.len()]);
            sent(&client, &url, &cookie, &[("mail", &mail), ("name", "見本 花子")], turn).await.then_some(mail)
        }
    })
    .await;
    let told: Vec<String> = letters(&world, "groups.invitation").await.into_iter().map(|one| one.to_mail).collect();
    assert!(answered.iter().all(|mail| told.contains(mail)));
    assert_eq!(number(&world, "SELECT COUNT(*) AS number FROM invitations").await, told.len() as i64);
    let trail = "SELECT COUNT(*) AS number FROM audit WHERE noun = 'invitation'";
    assert_eq!(number(&world, trail).await, told.len() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_never_leaves_a_group_with_two_representatives_or_none() {
    let world = real_world().await;
    for turn in 0..GROUPS {
        let group = world.group(&format!("見本 {turn}の会"), "ミホン").await;
        world.join(group, &format!("mae{turn}@example.jp"), Duty::Representative).await;
        let before = world.browser(&member_cookie(&world, &format!("mae{turn}@example.jp")).await);
        let mail = format!("ato{turn}@example.jp");
        let fields = [("who", "new"), ("name", "見本 花子"), ("mail", mail.as_str()), ("stay", "stays")];
        before.done(&format!("/me/groups/{group}/people/hand-over"), &fields).await;
    }
    let asked = letters(&world, "groups.handover").await;
    let tokens: Arc<Vec<String>> = Arc::new(asked.iter().map(|letter| token(letter, "/handovers/")).collect());
    assert_eq!(tokens.len(), GROUPS);
    let answered = under_fire(&world, move |client, base, turn| {
        let tokens = tokens.clone();
        async move {
            let token = &tokens[turn % tokens.len()];
            let fields = [("name", "見本 花子"), ("title", "会長")];
            sent(&client, &format!("{base}/handovers/{token}"), "", &fields, turn).await.then(|| token.clone())
        }
    })
    .await;
    let confirmed = number(&world, "SELECT COUNT(*) AS number FROM handovers WHERE state = 'confirmed'").await;
    assert!(confirmed >= answered.len() as i64, "{confirmed} of {}", answered.len());
    let led = "SELECT COUNT(*) AS number FROM memberships WHERE duty = 'representative'";
    assert_eq!(number(&world, led).await, GROUPS as i64);
    let new = "SELECT COUNT(*) AS number FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.duty = 'representative' AND a.mail LIKE 'ato%'";
    assert_eq!(number(&world, new).await, confirmed);
    let told: std::collections::HashSet<String> =
        letters(&world, "groups.handover_done").await.into_iter().map(|letter| letter.to_mail).collect();
    assert_eq!(told.len() as i64, confirmed, "the one before is told exactly when it took place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_confirms_a_claim_together_with_the_membership_and_the_letter() {
    let world = real_world().await;
    let cookie = staff_cookie(&world).await;
    let staff = world.browser(&cookie);
    let mut claims: Vec<Uuid> = Vec::new();
    for turn in 0..GROUPS {
        let group = world.group(&format!("見本 {turn}の会"), "ミホン").await;
        let page = staff.post(&format!("/staff/groups/{group}/claim"), &[]).await.text();
        let fours = page.split("claim-fours\">").nth(1).unwrap().split("</p>").next().unwrap();
        let fours: Vec<&str> = fours.split("<span>").skip(1).map(|part| part.split('<').next().unwrap()).collect();
        let mail = format!("hito{turn}@example.jp");
        let fields =
            [("code", fours.join("-")), ("name", "見本 太郎".to_owned()), ("part", "会長".to_owned()), ("mail", mail)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.visitor().done("/claim/apply", &fields).await;
    }
    for letter in letters(&world, "groups.claim_verify").await {
        world.visitor().done(&format!("/claim/{}", token(&letter, "/claim/")), &[]).await;
    }
    for waiting in kyodo::groups::people::claim::waiting(world.db(), 100).await.unwrap().1 {
        claims.push(waiting.path[waiting.path.len() - 36..].parse().unwrap());
    }
    assert_eq!(claims.len(), GROUPS);
    let claims = Arc::new(claims);
    let answered = under_fire(&world, move |client, base, turn| {
        let (claims, cookie) = (claims.clone(), cookie.clone());
        async move {
            let claim = &claims[turn % claims.len()];
            let url = format!("{base}/staff/claims/{claim}/confirm");
            sent(&client, &url, &cookie, &[("duty", "representative")], turn).await.then(|| claim.to_string())
        }
    })
    .await;
    let confirmed = number(&world, "SELECT COUNT(*) AS number FROM claims WHERE state = 'confirmed'").await;
    assert!(confirmed >= answered.len() as i64, "{confirmed} of {}", answered.len());
    for sql in [
        "SELECT COUNT(*) AS number FROM memberships",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'groups.claim_confirmed'",
    ] {
        assert_eq!(number(&world, sql).await, confirmed, "{sql}");
    }
}
