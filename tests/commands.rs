//! The commands as the IT clerk types them, run with the real binary.

use crate::world::{World, kyodo, postgres, said};

#[tokio::test]
async fn a_missing_database_names_the_command_that_makes_one() {
    let world = World::new().await;
    let url = format!("sqlite://{}", world.folder().join("none.sqlite").display());
    let output = kyodo(world.folder(), &url, &["export", "groups", "out.csv"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("kyodo migrate up"), "{}", said(&output));
    assert!(kyodo(world.folder(), &url, &["migrate", "up"]).status.success());
    assert!(kyodo(world.folder(), &url, &["export", "groups", "out.csv"]).status.success());
}

#[tokio::test]
async fn an_older_and_a_newer_database_are_refused_with_what_to_do() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    assert!(world.kyodo(&["migrate", "down"]).status.success());
    let older = world.kyodo(&["export", "groups", "out.csv"]);
    assert!(said(&older).contains("kyodo migrate up"), "{}", said(&older));
    assert!(world.kyodo(&["migrate", "up"]).status.success());
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    world.db().execute_unprepared(sql).await.unwrap();
    for command in [&["export", "groups", "out.csv"][..], &["migrate", "up"]] {
        let newer = world.kyodo(command);
        assert!(!newer.status.success());
        assert!(said(&newer).contains("m9999_future") && said(&newer).contains("新しい版"), "{}", said(&newer));
    }
}

#[tokio::test]
async fn every_step_of_the_schema_can_be_taken_back_and_made_again() {
    let world = World::new().await;
    let status = said(&world.kyodo(&["migrate", "status"]));
    let count = status.matches("済み").count();
    assert!(count >= 4, "{status}");
    for _ in 0..count {
        let output = world.kyodo(&["migrate", "down"]);
        assert!(output.status.success(), "{}", said(&output));
    }
    assert_eq!(said(&world.kyodo(&["migrate", "status"])).matches("未了").count(), count);
    assert!(world.kyodo(&["migrate", "up"]).status.success());
    assert!(world.kyodo(&["check"]).status.success());
}

#[tokio::test]
async fn replicas_that_start_at_once_migrate_one_after_the_other() {
    if postgres().is_none() {
        return;
    }
    let world = World::new().await;
    for _ in 0..4 {
        assert!(world.kyodo(&["migrate", "down"]).status.success());
    }
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| world.kyodo(&["migrate", "up"]))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    for output in outputs {
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let world = World::new().await;
    world.file("kyodo.toml", "LISTNE = \"127.0.0.1:1\"\n");
    let output = world.kyodo(&["check"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("LISTNE"), "{}", said(&output));
}

#[tokio::test]
async fn facilities_come_back_from_their_own_export_unchanged() {
    let world = World::new().await;
    for name in ["facilities.csv", "facilities.xlsx"] {
        let file = world.folder().join(name);
        let file = file.to_str().unwrap();
        assert!(world.kyodo(&["export", "facilities", file]).status.success());
        let output = world.kyodo(&["import", "facilities", file, "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["counts"]["unchanged"], 12, "{}", said(&output));
        assert_eq!(report["counts"]["taken"], 0);
    }
}

#[tokio::test]
async fn a_dry_run_reports_everything_and_changes_nothing() {
    let world = World::new().await;
    let csv = "NO,名称,住所,緯度\r\nX1,見本館,長崎県対馬市峰町三根1,34.5\r\nX2,,長崎県,\r\n";
    let file = world.file("f.csv", csv);
    let dry = world.kyodo(&["import", "facilities", file.to_str().unwrap(), "--dry-run"]);
    assert!(said(&dry).contains("見本館") && said(&dry).contains("名称がありません"), "{}", said(&dry));
    assert_eq!(dry.status.code(), Some(2), "a refused row is told by the exit code");
    assert!(world.kyodo(&["export", "facilities", "out.csv"]).status.success());
    assert!(!std::fs::read_to_string(world.folder().join("out.csv")).unwrap().contains("見本館"));
}

#[test]
fn a_calendar_file_is_checked_and_expanded_without_a_database() {
    let folder = std::env::temp_dir().join(format!("kyodo-ics-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTART;TZID=Tokyo Standard Time:20261123T100000\r\n\
        DURATION:PT90M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Tokyo Standard Time:20261130T100000\r\nSUMMARY:毎週の見本\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    let file = folder.join("a.ics");
    std::fs::write(&file, ics).unwrap();
    let file = file.to_str().unwrap();
    let expanded =
        kyodo(&folder, "sqlite://none", &["ics", "expand", file, "--from", "2026-11-01", "--to", "2027-01-01"]);
    let lines: Vec<serde_json::Value> =
        String::from_utf8_lossy(&expanded.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{}", said(&expanded));
    assert_eq!(lines[0]["start"], "2026-11-23T01:00:00Z");
    assert_eq!(lines[0]["end"], "2026-11-23T02:30:00Z");
    assert_eq!(lines[1]["start"], "2026-12-07T01:00:00Z");
    assert_eq!(lines[1]["uid"], "a@b");
    assert_eq!(lines[1]["all_day"], false);
    let checked = kyodo(&folder, "sqlite://none", &["ics", "check", file]);
    assert!(said(&checked).contains("毎週の見本"), "{}", said(&checked));
    // What the importer refuses, and what no source may bring, is said as well.
    let event = |lines: &str| format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n");
    let odd = [
        "UID:a\r\nSUMMARY:古い版\r\nDTSTART:20261201T010000Z",
        "UID:a\r\nSUMMARY:古い版\r\nDTSTART:20261202T010000Z",
        "UID:b\r\nSUMMARY:遠い未来\r\nDTSTART:99990101T010000Z",
        "UID:c\r\nSUMMARY:毎秒\r\nDTSTART:20261201T010000Z\r\nRRULE:FREQ=SECONDLY",
        "UID:d\r\nSUMMARY:内緒\r\nCLASS:PRIVATE\r\nDTSTART:20261201T010000Z",
    ];
    let odd = odd.map(event).join("");
    let path = folder.join("odd.ics");
    std::fs::write(&path, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{odd}END:VCALENDAR\r\n")).unwrap();
    let checked = said(&kyodo(&folder, "sqlite://none", &["ics", "check", path.to_str().unwrap()]));
    for sentence in ["取り込めないもの2件", "同じUIDの新しい版", "1900年から2199年", "1日に何度も", "非公開（CLASS）"]
    {
        assert!(checked.contains(sentence), "{sentence}: {checked}");
    }
    let broken = folder.join("broken.ics");
    std::fs::write(&broken, "hello").unwrap();
    let refused = kyodo(
        &folder,
        "sqlite://none",
        &["ics", "expand", broken.to_str().unwrap(), "--from", "2026-11-01", "--to", "2026-11-02"],
    );
    assert!(!refused.status.success() && !said(&refused).is_empty());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn the_calendar_goes_out_as_a_file_and_as_a_table_and_the_register_for_cp932() {
    let world = World::new().await;
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:old@mihon.example\r\nDTSTART;VALUE=DATE:20090401\r\n\
        SUMMARY:見本の昔の催し\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let file = world.file("old.ics", ics);
    assert!(world.kyodo(&["import", "events", file.to_str().unwrap()]).status.success());
    for name in ["out.ics", "out.csv"] {
        let output = world.kyodo(&["export", "events", name]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(std::fs::read_to_string(world.folder().join(name)).unwrap().contains("見本の昔の催し"), "{name}");
    }
    let file = world.file("g.csv", "団体名,団体名ふりがな\n見本 雞知♡の会,けちのかい\n");
    assert!(world.kyodo(&["import", "groups", file.to_str().unwrap()]).status.success());
    let output = world.kyodo(&["export", "groups", "sjis.csv", "--encoding", "cp932"]);
    assert_eq!(output.status.code(), Some(2), "not everything could be written as it is");
    assert!(said(&output).contains("「雞」") && said(&output).contains("「♡」"), "{}", said(&output));
    let refused = world.kyodo(&["export", "groups", "groups.pdf"]);
    assert!(!refused.status.success() && said(&refused).contains(".csv"));
}

#[tokio::test]
async fn an_import_that_is_killed_leaves_all_of_the_file_or_nothing() {
    let world = World::new().await;
    let mut ics = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for number in 0..600 {
        ics += &format!(
            "BEGIN:VEVENT\r\nUID:{number}@mihon.example\r\nDTSTART:20261201T010000Z\r\nRRULE:FREQ=DAILY;COUNT=30\r\n\
            SUMMARY:見本{number}\r\nEND:VEVENT\r\n"
        );
    }
    ics += "END:VCALENDAR\r\n";
    let file = world.file("many.ics", ics);
    for wait_ms in [40, 120, 250, 500, 900] {
        let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_kyodo"))
            .args(["import", "events", file.to_str().unwrap()])
            .env("KYODO_DATABASE_URL", &world.database_url)
            .current_dir(world.folder())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        import.kill().unwrap();
        import.wait().unwrap();
        assert!([0, 600].contains(&count(&world, "calendar_entries").await), "after {wait_ms} ms");
        assert!([0, 18_000].contains(&count(&world, "occurrences").await), "after {wait_ms} ms");
    }
    assert!(world.kyodo(&["import", "events", file.to_str().unwrap()]).status.success());
    assert_eq!(count(&world, "occurrences").await, 18_000);
}

async fn count(world: &World, table: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let sql = format!("SELECT COUNT(*) AS amount FROM {table}");
    let row = world.db().query_one_raw(Statement::from_string(world.db().get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "amount").unwrap()
}

#[tokio::test]
async fn an_embedded_database_is_set_up_to_lose_nothing() {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    if postgres().is_some() {
        return;
    }
    let world = World::new().await;
    for (pragma, column, wanted) in [
        ("synchronous", "synchronous", 2_i32),
        ("foreign_keys", "foreign_keys", 1),
        ("busy_timeout", "timeout", 10_000),
    ] {
        let question = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"));
        let row = world.db().query_one_raw(question).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i32>("", column).unwrap(), wanted, "{pragma}");
    }
    let row = world.db().query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA journal_mode")).await.unwrap();
    assert_eq!(row.unwrap().try_get::<String>("", "journal_mode").unwrap(), "wal");
}

#[tokio::test]
async fn the_planner_answers_a_file_and_says_what_is_wrong_with_another() {
    let world = World::new().await;
    let problem = r#"{"travel":[[0,60],[60,0]],"session":60,"setup":10,"teardown":10,"staff_per_session":1,"max_per_day":2,
        "max_per_week":7,"staff":[{"id":5,"base":0,"windows":{"0":[540,1020]}}],
        "requests":[{"id":3,"town":1,"slots":[[0,700]]},{"id":4,"town":0,"slots":[[0,720],[0,900]]},
        {"id":6,"town":1,"slots":[[0,720]]}]}"#;
    let file = world.folder().join("problem.json");
    std::fs::write(&file, problem).unwrap();
    let path = file.display().to_string();
    let output = world.kyodo(&["outreach", "plan", &path, "--limit", "1e15"]);
    assert!(output.status.success(), "{}", said(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["served"], &answer["rank_sum"], &answer["sumsq"]), (&2.into(), &1.into(), &4.into()));
    assert_eq!(answer["status"], "optimal");
    assert_eq!(answer["bound"], serde_json::json!({ "served": 2, "rank_sum": 1 }));
    assert_eq!(answer["unserved"].as_array().unwrap().len(), 1);
    std::fs::write(&file, problem.replace("\"town\":1", "\"town\":8")).unwrap();
    let output = world.kyodo(&["outreach", "plan", &path]);
    assert!(!output.status.success() && said(&output).contains("町8"), "{}", said(&output));
    assert!(!world.kyodo(&["outreach", "plan", "none.json"]).status.success());
    assert!(!world.kyodo(&["outreach", "plan", &path, "--limit=-1"]).status.success());
}
