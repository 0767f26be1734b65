//! Reports, photos, the outbox and the settings while the site is killed.

use kyodo::groups::Duty;
use kyodo::mail::{self, Batch, Letter, Recipient, Topic};
use kyodo::{clock::Clock, db};

use super::{member_cookie, number, real_world, sent, staff_cookie, under_fire};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_report_it_thanked_for() {
    let world = real_world().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    let answered = under_fire(&world, move |client, base, turn| async move {
        let (page, body) = (format!("/groups/{group}"), format!("番号{turn}が違います。"));
        let fields = [("page", page.as_str()), ("body", body.as_str())];
        sent(&client, &format!("{base}/report"), "", &fields, turn).await.then_some(body)
    })
    .await;
    for body in &answered {
        let sql = format!("SELECT COUNT(*) AS number FROM reports WHERE body = '{body}' AND state = 'waiting'");
        assert_eq!(number(&world, &sql).await, 1, "{body}");
    }
}

/// A small photo with one of two colours, as a form sends it.
fn photo(turn: usize) -> Vec<u8> {
    let image = image::RgbImage::from_pixel(400, 300, image::Rgb([(turn % 250) as u8, 90, 120]));
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
    let head = "--edge\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\n";
    let file = "\r\n--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
    [head.as_bytes(), format!("見本の写真{turn}").as_bytes(), file.as_bytes(), &bytes, b"\r\n--edge--\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_never_shows_a_photo_whose_file_is_not_there() {
    let world = real_world().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    world.join(group, "mihon@example.jp", Duty::Member).await;
    let cookie = member_cookie(&world, "mihon@example.jp").await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let url = format!("{base}/me/groups/{group}/photo");
            let request = client
                .post(url)
                .header("cookie", cookie)
                .header("content-type", "multipart/form-data; boundary=edge")
                .body(photo(turn));
            (request.send().await.ok()?.status() == 303).then(|| turn.to_string())
        }
    })
    .await;
    let files: Vec<String> = std::fs::read_dir(world.folder().join("photos"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let name: String = super::one(&world, "SELECT name AS it FROM photos WHERE removed_at IS NULL").await;
    assert!(files.iter().any(|file| file.starts_with(&name)), "{name} is not among {files:?}");
    let changes = number(&world, "SELECT COUNT(*) AS number FROM audit WHERE noun = 'photo'").await;
    assert!(changes >= answered.len() as i64, "{changes} of {}", answered.len());
}

/// A small PDF as a form sends it.
fn material(turn: usize) -> Vec<u8> {
    let head =
        format!("--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n見本の資料{turn}\r\n--edge\r\n");
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let pdf = format!("%PDF-1.7\n% {turn}\n1 0 obj << /Type /Catalog >> endobj\nstartxref\n9\n%%EOF\n");
    [head.as_bytes(), file.as_bytes(), pdf.as_bytes(), b"\r\n--edge--\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_names_no_material_whose_file_is_not_there_and_loses_none_it_thanked_for() {
    let world = real_world().await;
    let group = world.group("見本 海の会", "ウミノカイ").await.to_string();
    let cookie = staff_cookie(&world).await;
    let fields = [
        ("id", "01936d00-0000-7000-8000-000000000009"),
        ("title", "見本 会議"),
        ("convener", "city"),
        ("first_day", "2027-01-10"),
        ("last_day", "2027-01-31"),
        ("weekday", "3"),
        ("opens", "10:00"),
        ("closes", "16:00"),
        ("length", "90"),
        ("group", &group),
    ];
    world.browser(&cookie).done("/meetings/new", &fields).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let request = client
                .post(format!("{base}/meetings/01936d00-0000-7000-8000-000000000009/materials"))
                .header("cookie", cookie)
                .header("content-type", "multipart/form-data; boundary=edge")
                .body(material(turn));
            (request.send().await.ok()?.status() == 303).then(|| format!("見本の資料{turn}"))
        }
    })
    .await;
    let meeting = "01936d00-0000-7000-8000-000000000009".parse().unwrap();
    let kept = kyodo::meetings::materials::of_meeting(world.db(), meeting).await.unwrap();
    for title in &answered {
        assert!(kept.iter().any(|one| one.title == *title), "{title}");
    }
    for one in &kept {
        let bytes = std::fs::read(world.folder().join("materials").join(&one.file_key)).unwrap();
        assert_eq!(bytes.len() as i64, one.bytes, "{}", one.title);
    }
    let lines = number(&world, "SELECT COUNT(*) AS number FROM audit WHERE action = '資料の追加'").await;
    assert_eq!(lines, kept.len() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_releases_a_whole_batch_or_none_of_it() {
    let world = real_world().await;
    let now = Clock::System.now();
    let mut batches = Vec::new();
    for turn in 0..60 {
        let transaction = db::begin(world.db()).await.unwrap();
        let batch: Batch = mail::open_batch(&transaction, Topic::Notices, "見本", "見本", now).await.unwrap();
        let letter = |to: i32| {
            let to = Recipient { mail: format!("m{turn}-{to}@example.jp"), name: String::new() };
            Letter {
                batch: Some(batch), ..Letter::new("test", to, ("見本".to_owned(), "見本です。\n".to_owned()))
            }
        };
        mail::post_all(&transaction, &(0..20).map(letter).collect::<Vec<_>>(), "kyodo.example.jp", now).await.unwrap();
        transaction.commit().await.unwrap();
        batches.push(batch.id);
    }
    let (batches, cookie) = (std::sync::Arc::new(batches), staff_cookie(&world).await);
    let answered = under_fire(&world, move |client, base, turn| {
        let (batches, cookie) = (batches.clone(), cookie.clone());
        async move {
            let batch = &batches[turn % batches.len()];
            let url = format!("{base}{}/release", mail::batch_path(*batch));
            sent(&client, &url, &cookie, &[], turn).await.then(|| batch.to_string())
        }
    })
    .await;
    let halves = "SELECT COUNT(*) AS number FROM (SELECT batch_id FROM letters GROUP BY batch_id
        HAVING COUNT(DISTINCT state) > 1) AS halves";
    assert_eq!(number(&world, halves).await, 0);
    let released = number(&world, "SELECT COUNT(*) AS number FROM letters WHERE state = 'queued'").await / 20;
    assert!(released >= answered.len() as i64, "{released} of {}", answered.len());
    assert_eq!(number(&world, "SELECT COUNT(*) AS number FROM audit WHERE action = 'メールの送信'").await, released);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_rule_it_saved_with_its_line_in_the_trail() {
    let world = real_world().await;
    let cookie = super::admin_cookie(&world).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let members = (turn % 900 + 1).to_string();
            let fields = [("groups.min_members", members.as_str())];
            sent(&client, &format!("{base}/staff/settings/rules"), &cookie, &fields, turn).await.then_some(members)
        }
    })
    .await;
    let lines = number(&world, "SELECT COUNT(*) AS number FROM audit WHERE noun = 'setting'").await;
    assert!(lines >= answered.len() as i64 - 1, "{lines} of {}", answered.len());
    let kept: String = super::one(&world, "SELECT value AS it FROM settings WHERE key = 'groups.min_members'").await;
    let newest: String =
        super::one(&world, "SELECT CAST(after AS TEXT) AS it FROM audit ORDER BY at DESC, id DESC LIMIT 1").await;
    assert!(newest.contains(&kept), "{newest} does not say {kept}");
}
