use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Ask, Fetched, Guard, Names, Refused, fetch};

/// A server on this machine that answers by path and remembers what it was asked.
struct Town {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Town {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let known = asked.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(answer(line, port, known.clone()));
            }
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn get(&self, path: &str) -> Result<Fetched, Refused> {
        get(&Guard::allowing("127.0.0.1", Names::System), &self.url(path)).await
    }
}

async fn get(guard: &Guard, url: &str) -> Result<Fetched, Refused> {
    fetch(guard, &Ask { url: url.to_owned(), ..Ask::default() }).await
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(plain).unwrap();
    packer.finish().unwrap()
}

fn whole(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    all.extend_from_slice(body);
    all
}

fn moved(place: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

async fn answer(mut line: TcpStream, port: u16, asked: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = line.read_u8().await else { return };
        request.push(byte);
    }
    let request = String::from_utf8(request).unwrap().to_lowercase();
    let path = request.split(' ').nth(1).unwrap().to_owned();
    asked.lock().unwrap().push(request.clone());
    let number = |prefix: &str| path.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
    let bytes = match path.as_str() {
        "/plain" => whole("Content-Type: text/calendar\r\nETag: \"one\"\r\nLast-Modified: yesterday\r\n", b"plain"),
        "/tagged" if request.contains("if-none-match: \"one\"") => b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(),
        "/same" => b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(),
        "/packed" => whole("Content-Encoding: gzip\r\n", &packed(b"unpacked")),
        "/bomb" => whole("Content-Encoding: gzip\r\n", &packed(&vec![0; 5_000_000])),
        "/half" => whole("Content-Encoding: gzip\r\n", &packed(b"unpacked")[..12]),
        "/brotli" => whole("Content-Encoding: br\r\n", b"?"),
        "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".to_vec(),
        "/large" => b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n".to_vec(),
        "/to-number" => moved(&format!("http://2130706433:{port}/plain")),
        "/to-hex" => moved("http://0x7f.1:1/plain"),
        "/to-six" => moved(&format!("http://[::1]:{port}/plain")),
        "/to-mapped" => moved("http://[::ffff:10.0.0.1]/plain"),
        "/to-cloud" => moved("http://169.254.169.254/latest/meta-data/"),
        "/to-file" => moved("file:///etc/passwd"),
        "/to-login" => moved(&format!("http://a:b@127.0.0.1:{port}/plain")),
        "/to-name" => moved("http://inside.example/plain"),
        "/to-nowhere" => b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/to-plain" => moved("plain"),
        "/around" => moved("/around"),
        "/endless" => {
            line.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            while line.write_all(&[b'x'; 4096]).await.is_ok() {}
            return;
        }
        "/slow" => {
            line.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await.unwrap();
            while line.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            return;
        }
        "/silent" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return;
        }
        "/garbage" => b"\x16\x03\x01 not http at all\r\n\r\n".to_vec(),
        _ => match (number("/hops/"), number("/status/")) {
            (Some(0), _) => moved("/plain"),
            (Some(left), _) => moved(&format!("/hops/{}", left - 1)),
            (None, Some(status)) => format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            (None, None) => whole("", b"other"),
        },
    };
    let _ = line.write_all(&bytes).await;
}

#[tokio::test]
async fn what_is_there_comes_with_its_tags_and_the_second_time_only_if_it_changed() {
    let town = Town::open().await;
    let new = Fetched::Changed {
        bytes: b"plain".as_slice().into(),
        content_type: "text/calendar".to_owned(),
        etag: "\"one\"".to_owned(),
        last_modified: "yesterday".to_owned(),
    };
    assert_eq!(town.get("/plain").await, Ok(new));
    let guard = Guard::allowing("127.0.0.1", Names::System);
    let ask = Ask { url: town.url("/tagged"), etag: "\"one\"".to_owned(), last_modified: "yesterday".to_owned() };
    assert_eq!(fetch(&guard, &ask).await, Ok(Fetched::Same));
    let asked = town.asked();
    assert!(asked[0].contains("user-agent: kyodo/test (+https://kyodo.example.jp)\r\n"), "{}", asked[0]);
    assert!(!asked[0].contains("cookie") && !asked[0].contains("if-none-match"), "{}", asked[0]);
    assert!(asked[1].contains("if-modified-since: yesterday\r\n"), "{}", asked[1]);
    // Nobody asked whether it is the same.
    assert_eq!(town.get("/same").await, Err(Refused::Answer(304)));
}

#[tokio::test]
async fn what_is_packed_is_unpacked_as_far_as_it_is_not_too_large() {
    let town = Town::open().await;
    let Ok(Fetched::Changed { bytes, .. }) = town.get("/packed").await else { panic!("nothing came") };
    assert_eq!(&bytes[..], b"unpacked");
    assert_eq!(town.get("/bomb").await, Err(Refused::TooLarge));
    assert_eq!(town.get("/half").await, Err(Refused::Broken));
    assert_eq!(town.get("/brotli").await, Err(Refused::Broken));
}

#[tokio::test]
async fn bytes_and_time_are_bounded() {
    let town = Town::open().await;
    assert_eq!(town.get("/endless").await, Err(Refused::TooLarge));
    assert_eq!(town.get("/large").await, Err(Refused::TooLarge));
    assert_eq!(town.get("/short").await, Err(Refused::Broken));
    let mut guard = Guard::allowing("127.0.0.1", Names::System);
    guard.patience = Duration::from_millis(300);
    assert_eq!(get(&guard, &town.url("/slow")).await, Err(Refused::TooSlow));
    assert_eq!(get(&guard, &town.url("/silent")).await, Err(Refused::TooSlow));
}

#[tokio::test]
async fn every_hop_is_checked_as_the_first() {
    let town = Town::open().await;
    let Ok(Fetched::Changed { bytes, .. }) = town.get("/to-plain").await else { panic!("nothing came") };
    assert_eq!(&bytes[..], b"plain");
    // Only this port of this machine is allowed.
    let permit = format!("127.0.0.1:{}", town.port);
    let names = Names::Fixed(HashMap::from([("inside.example".to_owned(), vec!["10.0.0.1".parse().unwrap()])]));
    let guard = Guard::allowing(&permit, names);
    assert!(get(&guard, &town.url("/to-number")).await.is_ok(), "2130706433 is 127.0.0.1");
    for (path, why) in [
        ("/to-hex", Refused::Private),
        ("/to-six", Refused::Private),
        ("/to-mapped", Refused::Private),
        ("/to-cloud", Refused::Private),
        ("/to-name", Refused::Private),
        ("/to-file", Refused::BadRedirect),
        ("/to-nowhere", Refused::BadRedirect),
        ("/to-login", Refused::Login),
        ("/around", Refused::Redirects),
        ("/hops/5", Refused::Redirects),
    ] {
        assert_eq!(get(&guard, &town.url(path)).await, Err(why), "{path}");
    }
    assert!(town.get("/hops/4").await.is_ok());
}

#[tokio::test]
async fn without_a_permit_nothing_inside_is_reached_however_it_is_written() {
    let town = Town::open().await;
    let port = town.port;
    let guard = Guard::allowing("", Names::System);
    for place in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "[::]",
        "localhost",
        "１２７.０.０.１",
    ] {
        for url in [format!("http://{place}:{port}/plain"), format!("webcal://{place}/plain")] {
            assert_eq!(get(&guard, &url).await, Err(Refused::Private), "{url}");
        }
    }
    assert!(town.asked().is_empty());
}

#[tokio::test]
async fn one_private_address_among_public_ones_is_enough_to_refuse() {
    let both = vec!["1.1.1.1".parse().unwrap(), "192.168.0.1".parse().unwrap()];
    let names = Names::Fixed(HashMap::from([("both.example".to_owned(), both)]));
    let guard = Guard::allowing("", names);
    assert_eq!(get(&guard, "https://both.example/a.ics").await, Err(Refused::Private));
    assert_eq!(get(&guard, "https://unknown.example/a.ics").await, Err(Refused::Unknown));
}

#[tokio::test]
async fn a_name_is_asked_for_once_and_only_what_was_checked_is_connected_to() {
    let town = Town::open().await;
    // The machine itself knows no such name: the connection can only go where the check went.
    let names = Names::Fixed(HashMap::from([(
        "cal.example".to_owned(),
        vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()],
    )]));
    let guard = Guard::allowing(&format!("127.0.0.1:{}", town.port), names);
    assert!(get(&guard, &format!("http://cal.example:{}/plain", town.port)).await.is_ok());
    assert!(town.asked()[0].contains(&format!("host: cal.example:{}\r\n", town.port)));
    assert_eq!(get(&guard, "http://cal.example/plain").await, Err(Refused::Private), "another port");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_before_anything_is_asked() {
    let names = Names::Fixed(HashMap::from([("a.example".to_owned(), vec!["1.1.1.1".parse().unwrap()])]));
    let guard = Guard::allowing("", names);
    let long = format!("https://a.example/{}", "x".repeat(2_000));
    for (url, why) in [
        ("", Refused::NoAddress),
        ("a.example/a.ics", Refused::NoAddress),
        ("ftp://a.example/a.ics", Refused::NoAddress),
        ("file:///etc/passwd", Refused::NoAddress),
        ("javascript:alert(1)", Refused::NoAddress),
        (long.as_str(), Refused::NoAddress),
        ("https://user@a.example/a.ics", Refused::Login),
        ("webcal://user:secret@a.example/a.ics", Refused::Login),
        ("https://a.example:8443/a.ics", Refused::Port),
        ("http://a.example:22/", Refused::Port),
    ] {
        assert_eq!(get(&guard, url).await, Err(why), "{url}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_success_says_what_to_do() {
    let town = Town::open().await;
    for (status, why) in [
        (404, Refused::Gone(404)),
        (410, Refused::Gone(410)),
        (401, Refused::Forbidden(401)),
        (403, Refused::Forbidden(403)),
        (429, Refused::Busy(429)),
        (503, Refused::Busy(503)),
        (206, Refused::Answer(206)),
        (300, Refused::Answer(300)),
    ] {
        assert_eq!(town.get(&format!("/status/{status}")).await, Err(why));
    }
    assert_eq!(town.get("/garbage").await, Err(Refused::Unreachable));
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let guard = Guard::allowing("127.0.0.1", Names::System);
    assert_eq!(get(&guard, &format!("http://127.0.0.1:{port}/")).await, Err(Refused::Unreachable));
    // A server that speaks no TLS is no safe connection.
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secure = format!("https://127.0.0.1:{}/plain", plain.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut line, _) = plain.accept().await.unwrap();
        line.read_u8().await.unwrap();
        line.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    assert_eq!(get(&guard, &secure).await, Err(Refused::Certificate));
    assert!(Refused::Gone(404).to_string().contains("404"));
}

#[tokio::test]
async fn no_sentence_tells_a_part_of_the_address() {
    let guard = Guard::allowing("", Names::System);
    let fault = get(&guard, "http://127.0.0.1:9/himitsu-token/basic.ics").await.unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("himitsu"));
}
