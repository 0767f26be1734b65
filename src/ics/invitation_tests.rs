use chrono_tz::Tz;

use super::{Entry, Invitation, Limits, Method, Party, Status, Zone, each_line, escaped, invitation, read, unfolded};

fn meeting() -> Entry {
    let at = |text: &str| Zone::Iana(Tz::Asia__Tokyo).at(text.parse().unwrap());
    Entry {
        uid: "meeting-1@kyodo.example.jp".into(),
        recurrence_id: None,
        and_future: false,
        sequence: 2,
        stamp: "2026-11-23T00:00:00Z".parse().unwrap(),
        created: Some("2026-11-20T00:00:00Z".parse().unwrap()),
        status: None,
        summary: "見本 連絡調整会議".into(),
        description: Some("お返事は11月30日(月)まで".into()),
        location: Some("見本会館, 2階".into()),
        geo: None,
        url: Some("https://kyodo.example.jp/r/{{secret:reply}}".into()),
        categories: Vec::new(),
        start: at("2026-12-01T10:00:00"),
        end: Some(at("2026-12-01T12:00:00")),
        rules: Vec::new(),
        rdates: Vec::new(),
        exdates: Vec::new(),
        transparent: false,
    }
}

fn asked(name: &str, mail: &str) -> Invitation {
    Invitation {
        meeting: meeting(),
        organizer: Party { name: "協働のひろば".into(), mail: "kyodo@city.example.jp".into() },
        attendee: Party { name: name.into(), mail: mail.into() },
        is_required: true,
    }
}

fn expected(method: &str, summary: &str, status: &str, asks: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kyodo//Kyodo//JA\r\nCALSCALE:GREGORIAN\r\nMETHOD:{method}\r\nBEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\n\
        BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nTZNAME:JST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
        BEGIN:VEVENT\r\nUID:meeting-1@kyodo.example.jp\r\nDTSTAMP:20261123T000000Z\r\nLAST-MODIFIED:20261123T000000Z\r\nCREATED:20261120T000000Z\r\n\
        SEQUENCE:2\r\nDTSTART;TZID=Asia/Tokyo:20261201T100000\r\nDTEND;TZID=Asia/Tokyo:20261201T120000\r\nSUMMARY:{summary}\r\n\
        DESCRIPTION:お返事は11月30日(月)まで\\n\\nhttps://kyodo.example.jp/r/{{{{secret:reply}}}}\r\nLOCATION:見本会館\\, 2階\r\n\
        URL:https://kyodo.example.jp/r/{{{{secret:reply}}}}\r\nSTATUS:{status}\r\nTRANSP:OPAQUE\r\n\
        ORGANIZER;CN=協働のひろば:mailto:kyodo@city.example.jp\r\n\
        ATTENDEE;CN=見本 花子;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{asks}:mailto:hanako@example.jp\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn a_request_and_its_end_are_exactly_this() {
    let asked = asked("見本 花子", "hanako@example.jp");
    let request = invitation(Method::Request, &asked);
    let asks = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE";
    assert_eq!(unfolded(&request), expected("REQUEST", "見本 連絡調整会議", "CONFIRMED", asks));
    let cancel = invitation(Method::Cancel, &asked);
    assert_eq!(unfolded(&cancel), expected("CANCEL", "【中止】見本 連絡調整会議", "CANCELLED", ""));
    assert!(request.split("\r\n").chain(cancel.split("\r\n")).all(|line| line.len() <= 75));
    let event = &read(cancel.as_bytes(), &Limits::default(), Tz::UTC).unwrap().events[0];
    assert_eq!((event.status, event.sequence), (Some(Status::Cancelled), 2));
}

#[test]
fn a_secret_is_filled_in_before_the_line_is_escaped_and_folded() {
    let request = invitation(Method::Request, &asked("見本 花子", "hanako@example.jp"));
    let secret = "t0ken,".repeat(20);
    let filled = each_line(&request, |line, is_text| {
        let value = if is_text { escaped(&secret) } else { secret.clone() };
        Ok::<_, ()>(line.replace("{{secret:reply}}", &value))
    });
    let filled = filled.unwrap();
    assert!(filled.split("\r\n").all(|line| line.len() <= 75));
    let event = &read(filled.as_bytes(), &Limits::default(), Tz::UTC).unwrap().events[0];
    let link = format!("https://kyodo.example.jp/r/{secret}");
    assert_eq!(event.url.as_deref(), Some(link.as_str()));
    assert!(event.description.as_deref().unwrap().ends_with(&format!("\n\n{link}")));
    let same = each_line(&request, |line, _| Ok::<_, ()>(line.to_owned())).unwrap();
    assert_eq!(same, request);
}

#[test]
fn nothing_in_a_name_or_an_address_breaks_its_line() {
    let name = "\u{1F33B}\"会\"; 代表, 見本: ^n\r\nATTENDEE:mailto:evil@example.jp\0";
    let mail = "a@example.jp?cc=b@example.jp\r\nX-EVIL:1";
    let text = unfolded(&invitation(Method::Request, &asked(name, mail)));
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("ATTENDEE")).collect();
    assert_eq!(
        lines,
        [
            "ATTENDEE;CN=\"\u{1F33B}^'会^'; 代表, 見本: ^^n^nATTENDEE:mailto:evil@example.jp\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;\
            PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:a@example.jp%3Fcc=b@example.jpX-EVIL:1"
        ]
    );
    let optional = Invitation { is_required: false, ..asked("", "a@example.jp") };
    let text = unfolded(&invitation(Method::Request, &optional));
    assert!(text.contains(
        "\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:a@example.jp\r\n"
    ));
}
