//! Invitations that go out and answers that come in while the site is killed.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use kyodo::groups::Duty;
use kyodo::mail;
use uuid::Uuid;

use super::{Site, number};
use crate::imap::Imap;
use crate::meetings::{DAY, form, notify};
use crate::smtp::Smtp;
use crate::world::World;

const GROUPS: usize = 300;
const MAILS: usize = 300;

/// A meeting of many groups, its day fixed and its letters made.
async fn invited(world: &World) -> Uuid {
    let mut groups = Vec::new();
    for turn in 0..GROUPS {
        let group = world.group(&format!("見本 {turn}の会"), "ミホン").await;
        world.join(group, &format!("hito{turn}@example.jp"), Duty::Representative).await;
        groups.push(group.to_string());
    }
    let staff = world.staff().await;
    let led = staff.done("/meetings/new", &form(&groups, &[("items", "")])).await;
    let id: Uuid = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    notify(&staff, id).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_300_invitations_go_out_each_group_has_its_own_and_only_marked_ones_came_twice() {
    let world = World::new().await;
    invited(&world).await;
    let batch: Uuid = super::one(&world, "SELECT batch_id AS it FROM meeting_notices").await;
    let path = format!("{}/release", mail::batch_path(batch));
    let (one, other) = (world.staff().await, world.admin().await);
    let (first, second) = tokio::join!(one.done(&path, &[]), other.done(&path, &[]));
    let mut said = [first, second].map(|led| led.rsplit('=').next().unwrap_or_default().to_owned());
    said.sort();
    assert_eq!(said, ["none", "release"], "two press at once, one sends");
    let smtp = Smtp::start(world.folder(), &["--delay", "0.03"]);
    let url = smtp.url();
    let settings = [("KYODO_SMTP_URL", url.as_str()), ("KYODO_MAIL_FROM", "協働のひろば <kyodo@city.example.jp>")];
    let site = Site::start_with(&world, &settings).await;
    smtp.wait_for(GROUPS / 4, Duration::from_secs(60)).await;
    site.kill();
    assert!(smtp.taken().len() < GROUPS, "the site was killed too late to show anything");
    let site = Site::start_with(&world, &settings).await;
    let began = Instant::now();
    while number(&world, "SELECT COUNT(*) AS number FROM letters WHERE state <> 'sent'").await > 0 {
        assert!(began.elapsed() < Duration::from_secs(150), "not all letters were sent");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    site.kill();
    let mut came: HashMap<String, Vec<String>> = HashMap::new();
    for letter in smtp.taken() {
        assert!(letter.calendar.contains(&letter.recipients[0]), "the invitation is that of its addressee");
        came.entry(letter.recipients[0].clone()).or_default().push(letter.message_id);
    }
    assert_eq!(came.len(), GROUPS);
    assert!(came.values().all(|ids| ids.iter().collect::<HashSet<_>>().len() == 1), "a copy has the same Message-ID");
    let doubled: Vec<&String> = came.iter().filter(|(_, ids)| ids.len() > 1).map(|(to, _)| to).collect();
    for to in &doubled {
        let sql = format!(
            "SELECT COUNT(*) AS number FROM letters WHERE to_mail = '{to}' AND fault LIKE '%2通届いたかもしれません%'"
        );
        assert_eq!(number(&world, &sql).await, 1, "{to} got two and the outbox does not say so");
    }
    let marked = "SELECT COUNT(*) AS number FROM letters WHERE fault LIKE '%2通届いたかもしれません%'";
    assert!(number(&world, marked).await <= 4 && doubled.len() <= 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_reads_the_mailbox_the_site_loses_no_mail_and_takes_none_twice() {
    let world = World::new().await;
    let imap = Imap::start(world.folder());
    for turn in 0..MAILS {
        let mail = format!("From: a@example.jp\r\nMessage-ID: <{turn}@x>\r\nSubject: {turn}\r\n\r\n行けません。\r\n");
        imap.deliver(turn, mail.as_bytes());
    }
    let url = format!("{}&every=1", imap.url());
    let stored = "SELECT COUNT(*) AS number FROM inbound_mails";
    let (mut kills, mut before) = (0, 0);
    while kills < 4 && before < MAILS as i64 {
        let site = Site::start_with(&world, &[("KYODO_IMAP_URL", &url)]).await;
        let began = Instant::now();
        while number(&world, stored).await == before && began.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        tokio::time::sleep(Duration::from_millis(31 * kills)).await;
        site.kill();
        before = number(&world, stored).await;
        kills += 1;
    }
    assert!(kills >= 2, "the site read too fast to be killed");
    let site = Site::start_with(&world, &[("KYODO_IMAP_URL", &url)]).await;
    let began = Instant::now();
    while imap.put_away() < MAILS {
        assert!(began.elapsed() < Duration::from_secs(60), "only {} mails were put away", imap.put_away());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    site.kill();
    assert_eq!(number(&world, stored).await, MAILS as i64);
    assert_eq!(number(&world, "SELECT COUNT(DISTINCT message_id) AS number FROM inbound_mails").await, MAILS as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_behind_tls_is_read_where_its_certificate_is_known_and_left_alone_where_it_is_not() {
    let world = World::new().await;
    let imap = Imap::start_encrypted(world.folder());
    let trusted = imap.certificate().display().to_string();
    for (turn, url) in [imap.implicit_url(), imap.starttls_url()].into_iter().enumerate() {
        imap.deliver(turn, format!("From: a@example.jp\r\nMessage-ID: <{turn}@x>\r\n\r\n見本\r\n").as_bytes());
        let site = Site::start_with(&world, &[("KYODO_IMAP_URL", &url)]).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        site.kill();
        let stored = "SELECT COUNT(*) AS number FROM inbound_mails";
        assert_eq!(number(&world, stored).await, turn as i64, "nothing is read over a line that nobody vouches for");
        let site = Site::start_with(&world, &[("KYODO_IMAP_URL", &url), ("SSL_CERT_FILE", &trusted)]).await;
        let began = Instant::now();
        while imap.put_away() < turn + 1 {
            assert!(began.elapsed() < Duration::from_secs(20), "{url} is not read");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        site.kill();
        assert_eq!(number(&world, stored).await, turn as i64 + 1);
    }
}
