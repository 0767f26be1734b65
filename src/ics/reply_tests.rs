use chrono_tz::Tz;
use proptest::prelude::*;

use super::{Answer, Reply, Unanswered, When, reply};

fn calendar(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:meeting-1@kyodo.example.jp\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn read(text: &str) -> Result<Vec<Reply>, Unanswered> {
    reply(text.as_bytes(), Tz::Asia__Tokyo)
}

fn one(text: &str) -> Reply {
    let mut replies = read(text).unwrap();
    assert_eq!(replies.len(), 1);
    replies.remove(0)
}

fn plain(answer: Answer) -> Reply {
    Reply {
        uid: "meeting-1@kyodo.example.jp".into(),
        sequence: Some(1),
        recurrence_id: None,
        attendee: "mihon@example.jp".into(),
        sent_by: None,
        answer,
        comment: String::new(),
        delegated_to: Vec::new(),
        stamp: Some("2026-11-23T00:00:00Z".parse().unwrap()),
    }
}

/// In the manner of Gmail: everything on ATTENDEE, folded in the middle of a word, X-NUM-GUESTS.
const GMAIL: &str = "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\n\
    BEGIN:VEVENT\r\nDTSTART:20261201T010000Z\r\nDTEND:20261201T030000Z\r\nDTSTAMP:20261123T000000Z\r\nORGANIZER;CN=見本市:mailto:kyodo@city.example.jp\r\n\
    UID:meeting-1@kyodo.example.jp\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCE\r\n PTED;CN=mihon@example.jp;X-NUM-GUESTS=0:mailto:mihon@example.jp\r\n\
    SEQUENCE:1\r\nSTATUS:CONFIRMED\r\nSUMMARY:連絡調整会議\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// In the manner of Exchange and Outlook: a Windows zone, MAILTO in capitals, a quoted name, a COMMENT with a language.
const OUTLOOK: &str = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Tokyo Standard Time\r\n\
    BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
    ATTENDEE;PARTSTAT=TENTATIVE;CN=\"見本: 会, 事務局\":MAILTO:Mihon@Example.JP\r\nCOMMENT;LANGUAGE=ja-JP:遅れます\\, 少し\\n\r\nUID:meeting-1@kyodo.example.jp\r\n\
    SUMMARY;LANGUAGE=ja-JP:仮の予定: 連絡調整会議\r\nDTSTART;TZID=Tokyo Standard Time:20261201T100000\r\nRECURRENCE-ID;TZID=Tokyo Standard Time:20261201T100000\r\n\
    DTSTAMP:20261123T000000Z\r\nSEQUENCE:1\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:1\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// In the manner of Apple: EMAIL beside the link, no SEQUENCE, DTSTAMP last.
const APPLE: &str = "BEGIN:VCALENDAR\r\nCALSCALE:GREGORIAN\r\nPRODID:-//Apple Inc.//iOS 18//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n\
    ATTENDEE;CN=\"mihon@example.jp\";CUTYPE=INDIVIDUAL;EMAIL=\"mihon@example.jp\";PARTSTAT=DECLINED:mailto:mihon%40example.jp\r\n\
    ORGANIZER:mailto:kyodo@city.example.jp\r\nUID:meeting-1@kyodo.example.jp\r\nDTSTAMP:20261123T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// In the manner of Thunderbird: a request status, a received stamp, an alarm, and bare line feeds.
const THUNDERBIRD: &str = "BEGIN:VCALENDAR\nPRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\n\
    CREATED:20261122T000000Z\nDTSTAMP:20261123T000000Z\nUID:meeting-1@kyodo.example.jp\nSEQUENCE:1\nX-MOZ-RECEIVED-SEQUENCE:1\n\
    ATTENDEE;RSVP=TRUE;CN=見本;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:Kawari@example.jp\",\"mailto:hito@example.jp\";\n SENT-BY=\"mailto:hisho@example.jp\":mailto:mihon@example.jp\n\
    REQUEST-STATUS:2.0;Success\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";

#[test]
fn the_answers_of_the_common_programs_are_read() {
    assert_eq!(one(GMAIL), plain(Answer::Accepted));
    let outlook = one(OUTLOOK);
    let local = "2026-12-01T01:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(outlook.recurrence_id.as_ref().map(|when: &When| when.to_utc(Tz::UTC)), Some(local));
    let told = Reply {
        recurrence_id: outlook.recurrence_id.clone(),
        comment: "遅れます, 少し".into(),
        ..plain(Answer::Tentative)
    };
    assert_eq!(outlook, told);
    assert_eq!(one(APPLE), Reply { sequence: None, ..plain(Answer::Declined) });
    let delegated = Reply {
        delegated_to: vec!["kawari@example.jp".into(), "hito@example.jp".into()],
        sent_by: Some("hisho@example.jp".into()),
        ..plain(Answer::Delegated)
    };
    assert_eq!(one(THUNDERBIRD), delegated);
}

#[test]
fn several_occurrences_are_answered_in_one_mail_by_one_person() {
    let event = |day: u32, mail: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:u\r\nRECURRENCE-ID:202612{day:02}T010000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{mail}\r\nEND:VEVENT\r\n"
        )
    };
    let whole = |events: String| format!("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n{events}END:VCALENDAR\r\n");
    let both = read(&whole(event(1, "a@example.jp") + &event(2, "A@example.jp"))).unwrap();
    assert_eq!(both.len(), 2);
    assert_ne!(both[0].recurrence_id, both[1].recurrence_id);
    assert_eq!(read(&whole(event(1, "a@example.jp") + &event(2, "b@example.jp"))), Err(Unanswered::SeveralAttendees));
    let many: String = (0..60).map(|_| event(1, "a@example.jp")).collect();
    assert_eq!(read(&whole(many)), Err(Unanswered::TooMany));
}

#[test]
fn what_is_no_answer_is_refused_by_its_name() {
    let attendee = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.jp";
    let with_method = |method: &str| calendar(attendee).replace("METHOD:REPLY", method);
    assert_eq!(read(&with_method("METHOD:REQUEST")), Err(Unanswered::NotReply("REQUEST".into())));
    assert_eq!(read(&with_method("X-NONE:1")), Err(Unanswered::NotReply("METHODなし".into())));
    assert_eq!(read(&with_method("METHOD:COUNTER")), Err(Unanswered::Counter));
    assert_eq!(read("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"), Err(Unanswered::NoEvent));
    assert_eq!(read(&calendar(attendee).replace("UID:", "X-UID:")), Err(Unanswered::NoEvent));
    assert_eq!(read(&calendar("SUMMARY:見本")), Err(Unanswered::NoAttendee));
    assert_eq!(read(&calendar("ATTENDEE;PARTSTAT=ACCEPTED:urn:nobody")), Err(Unanswered::NoAttendee));
    assert_eq!(read(&calendar(&format!("{attendee}\r\n{attendee}"))), Err(Unanswered::SeveralAttendees));
    assert_eq!(read(&calendar("ATTENDEE;PARTSTAT=X-Y:mailto:a@example.jp")), Err(Unanswered::NoAnswer("X-Y".into())));
    assert_eq!(read(&calendar("ATTENDEE:mailto:a@example.jp")), Err(Unanswered::NoAnswer(String::new())));
    assert_eq!(read(&"x".repeat((1 << 20) + 1)), Err(Unanswered::TooLarge));
    assert!(matches!(read("<html>"), Err(Unanswered::Broken(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn mutated_answers_never_panic(which in 0usize..4, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..20)) {
        let mut bytes = [GMAIL, OUTLOOK, APPLE, THUNDERBIRD][which].as_bytes().to_vec();
        for (index, byte, what) in changes {
            let at = index.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        for reply in reply(&bytes, Tz::Asia__Tokyo).unwrap_or_default() {
            prop_assert!(reply.attendee.contains('@') && !reply.uid.is_empty());
        }
    }
}
