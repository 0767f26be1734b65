//! Mail that comes in: answers of calendars, bounces, what people and machines write, and what is none of it.

use std::io::Write;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use kyodo::clock::Clock;
use kyodo::inbound::{self, Channel, Mailbox, Outcome, Ruling, Taken, Taker};
use kyodo::mail::{self, Courier, Letter, Recipient, State};
use sea_orm::{ConnectionTrait, Statement};

use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::world::{World, now};

const ZONE: chrono_tz::Tz = chrono_tz::Tz::Asia__Tokyo;

/// Knows one meeting, and writes its answers into the database.
const TAKER: Taker = |transaction, reply, from, _| {
    Box::pin(async move {
        if reply.uid != "meeting-1@kyodo.example.jp" {
            return Ok(None);
        }
        let sql = format!(
            "INSERT INTO declined_topics (mail, topic, declined_at) VALUES ('{from}', 'meeting', '2026-11-23T00:00:00Z')"
        );
        transaction.execute_unprepared(&sql).await?;
        let stale = reply.sequence == Some(0);
        Ok(Some(if stale {
            Ruling::Refused("古い案内への返事です。".into())
        } else {
            Ruling::Taken("出席です。".into())
        }))
    })
};

fn answer(uid: &str, from: &str, attendee: &str, sequence: i64) -> Vec<u8> {
    format!(
        "From: =?UTF-8?B?6KaL5pys?= <{from}>\r\nTo: kyodo@city.example.jp\r\nSubject: Accepted\r\nMessage-ID: <{uid}{sequence}@x>\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOK\r\n\
        --b\r\nContent-Type: text/calendar; method=REPLY; charset=UTF-8\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
        SEQUENCE:{sequence}\r\nATTENDEE;PARTSTAT=ACCEPTED:MAILTO:{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    .into_bytes()
}

fn written(subject: &str, further: &str, text: &str) -> Vec<u8> {
    format!("From: a@example.jp\r\nSubject: {subject}\r\nMessage-ID: <{subject}@x>\r\n{further}\r\n{text}\r\n")
        .into_bytes()
}

async fn take(world: &World, bytes: &[u8]) -> Taken {
    inbound::take(world.db(), bytes, Channel::Pipe, &[TAKER], (ZONE, now())).await.unwrap()
}

async fn effects(world: &World) -> i64 {
    let sql = "SELECT COUNT(*) AS total FROM declined_topics";
    let row = world.db().query_one_raw(Statement::from_string(world.db().get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get("", "total").unwrap()
}

#[tokio::test]
async fn an_answer_takes_effect_once_and_a_forged_stale_or_unknown_one_never() {
    let world = World::new().await;
    let uid = "meeting-1@kyodo.example.jp";
    let good = answer(uid, "Mihon@Example.jp", "mihon@example.jp", 1);
    assert_eq!(take(&world, &good).await, Taken::Stored(Outcome::Taken));
    assert_eq!(take(&world, &good).await, Taken::Known);
    assert_eq!(effects(&world).await, 1);
    let for_another = String::from_utf8(answer(uid, "evil@example.jp", "b@example.jp", 1)).unwrap();
    let for_another = for_another.replace("ATTENDEE;", "ATTENDEE;SENT-BY=\"mailto:evil@example.jp\";").into_bytes();
    for bad in [
        answer(uid, "evil@example.jp", "mihon@example.jp", 1),
        answer(uid, "b@example.jp", "b@example.jp", 0),
        answer("elsewhere", "b@example.jp", "b@example.jp", 1),
        for_another,
    ] {
        assert_eq!(take(&world, &bad).await, Taken::Stored(Outcome::Refused));
    }
    assert_eq!(effects(&world).await, 1);
    let list = world.staff().await.page("/staff/inbound").await;
    for words in [
        "本人以外のアドレスからの返事です",
        "差出人が、返事をしている人",
        "古い案内への返事です。",
        "どの会議への返事かわかりません。",
        "出席です。",
    ] {
        assert!(list.contains(words), "{words}");
    }
    assert_eq!(inbound::waiting(world.db(), 10).await.unwrap().0, 4);
}

#[tokio::test]
async fn what_a_person_wrote_waits_for_staff_and_what_a_machine_wrote_does_not() {
    let world = World::new().await;
    assert_eq!(take(&world, &written("hand", "", "行けません。<b>\0")).await, Taken::Stored(Outcome::Written));
    assert_eq!(
        take(&world, &written("away", "Auto-Submitted: auto-replied\r\n", "x")).await,
        Taken::Stored(Outcome::Ignored)
    );
    assert_eq!(take(&world, &written("huge", "", &"x".repeat(inbound::MOST))).await, Taken::Stored(Outcome::Refused));
    let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
    assert_eq!(take(&world, &written("deep", "", &deep)).await, Taken::Stored(Outcome::Refused));
    assert_eq!(take(&world, b"\xff\x00 no mail").await, Taken::NoMail);
    assert_eq!(take(&world, b"From: <>\r\n\r\nx\r\n").await, Taken::Stored(Outcome::Written));
    let kinds = "These words name Content-Type: ".repeat(300);
    assert_eq!(take(&world, &written("kinds", "", &kinds)).await, Taken::Stored(Outcome::Written));
    let enclosed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee\r\n--b\r\n\
        Content-Type: application/ics\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--";
    assert_eq!(take(&world, &written("enclosed", enclosed, "")).await, Taken::Stored(Outcome::Written));
    let (total, waiting) = inbound::waiting(world.db(), 10).await.unwrap();
    assert_eq!(total, 6);
    let hand = waiting.iter().find(|one| one.title == "人が書いた返事: hand").unwrap();
    let staff = world.staff().await;
    assert!(staff.page("/staff").await.contains("届いたメール"));
    assert!(staff.page(&hand.path).await.contains("行けません。&#60;b&#62;"));
    let to = staff.done(&hand.path, &[]).await;
    assert!(staff.page(&to).await.contains("処理済みにしました。"));
    assert_eq!(staff.post(&hand.path, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(inbound::waiting(world.db(), 10).await.unwrap().0, 5);
}

#[tokio::test]
async fn a_letter_that_comes_back_fails_in_the_words_of_the_server() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let to = Recipient { mail: "gone@example.jp".into(), name: String::new() };
    let letter = Letter::new("test.letter", to, ("見本".into(), "見本\n".into()));
    mail::post(world.db(), &letter, "kyodo.example.jp", now()).await.unwrap();
    let courier =
        Courier::new(world.db().clone(), smtp.post(), "https://kyodo.example.jp", Clock::Fixed(now())).start();
    let id = smtp.wait_for(1, std::time::Duration::from_secs(20)).await[0].message_id.clone();
    courier.stop(std::time::Duration::from_secs(10)).await;
    let bounce = |to: &str, action: &str| {
        format!(
            "From: MAILER-DAEMON@mx\r\nMessage-ID: <{action}{to}>\r\nAuto-Submitted: auto-replied\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
            Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n\
            --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
        )
    };
    assert_eq!(take(&world, bounce("gone@example.jp", "delayed").as_bytes()).await, Taken::Stored(Outcome::Ignored));
    assert_eq!(take(&world, bounce("other@example.jp", "failed").as_bytes()).await, Taken::Stored(Outcome::Refused));
    assert_eq!(world.letters().await[0].state, "sent");
    assert_eq!(take(&world, bounce("gone@example.jp", "failed").as_bytes()).await, Taken::Stored(Outcome::Taken));
    let key = uuid::Uuid::parse_str(&id[1..37]).unwrap();
    let letter = mail::find(world.db(), key).await.unwrap().unwrap();
    assert_eq!(letter.state(), State::Failed);
    assert!(letter.fault.ends_with("\n550 5.1.1 no such user"), "{}", letter.fault);
}

#[tokio::test]
async fn a_mailbox_is_emptied_past_a_mail_that_cannot_be_read_and_a_kill_in_between_doubles_nothing() {
    let world = World::new().await;
    let imap = Imap::start(world.folder());
    let mailbox = Mailbox::parse(&imap.url()).unwrap();
    let uid = "meeting-1@kyodo.example.jp";
    let first = answer(uid, "a@example.jp", "a@example.jp", 1);
    imap.deliver(1, &first);
    imap.deliver(2, b"\xff\xfe poison");
    imap.deliver(3, &answer(uid, "b@example.jp", "b@example.jp", 1));
    // As after a kill: the first is stored and not yet put away.
    inbound::take(world.db(), &first, Channel::Imap, &[TAKER], (ZONE, now())).await.unwrap();
    assert_eq!(inbound::try_mailbox(&mailbox).await.unwrap(), 3);
    let turn = inbound::empty(&mailbox, world.db(), &[TAKER], (ZONE, now())).await.unwrap();
    assert_eq!((turn.stored, turn.known, imap.put_away()), (2, 1, 3));
    assert_eq!((effects(&world).await, inbound::try_mailbox(&mailbox).await.unwrap()), (2, 0));
    assert_eq!(inbound::empty(&mailbox, world.db(), &[TAKER], (ZONE, now())).await.unwrap().stored, 0);
    assert!(world.staff().await.page("/staff/inbound").await.contains("メールとして読めません。"));
}

#[tokio::test]
async fn a_mail_servers_pipe_learns_whether_to_return_a_mail_or_to_try_again() {
    let world = World::new().await;
    let piped = |database: &str, bytes: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kyodo"))
            .arg("inbound")
            .current_dir(world.folder())
            .env("KYODO_DATABASE_URL", database)
            .env("KYODO_DATA_DIR", world.folder())
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait().unwrap().code()
    };
    let huge = written("huge", "", &"x".repeat(12 << 20));
    assert_eq!(piped(&world.database_url, &written("hand", "", "見本")), Some(0));
    assert_eq!(piped(&world.database_url, &huge), Some(0));
    assert_eq!(piped(&world.database_url, b"\xff\x00"), Some(65));
    assert_eq!(piped("postgres://kyodo@127.0.0.1:1/none", &written("later", "", "見本")), Some(75));
    assert_eq!(inbound::waiting(world.db(), 10).await.unwrap().0, 2);
}

#[tokio::test]
async fn the_list_of_what_came_in_goes_on_behind_its_first_hundred() {
    let world = World::new().await;
    for number in 0..103 {
        take(&world, &written(&format!("見本{number}番"), "", "見本")).await;
    }
    let staff = world.staff().await;
    let (first, second) = (staff.page("/staff/inbound").await, staff.page("/staff/inbound?page=2").await);
    let lines = |page: &str| page.matches("番</a>").count();
    assert!(first.contains("rel=\"next\"") && !second.contains("rel=\"next\"") && second.contains("rel=\"prev\""));
    assert_eq!((lines(&first), lines(&second)), (100, 3));
}
