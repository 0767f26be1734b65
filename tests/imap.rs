//! A real IMAP server beside a test: dovecot with a mailbox in the test's own folder.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

/// A server that runs until it is dropped.
pub struct Imap {
    child: Child,
    mail: PathBuf,
    /// Port on 127.0.0.1.
    pub port: u16,
    implicit: u16,
}

impl Imap {
    /// Starts a server whose mailbox is empty. Dovecot serves no mail as root, so it runs as nobody there.
    pub fn start(folder: &Path) -> Self {
        Self::begin(folder, false)
    }

    /// The same behind a certificate of its own for `localhost`: from the first byte on another port, or by STARTTLS.
    pub fn start_encrypted(folder: &Path) -> Self {
        Self::begin(folder, true)
    }

    fn begin(folder: &Path, encrypted: bool) -> Self {
        let root = folder.join("imap");
        let mail = root.join("mail");
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(mail.join(part)).unwrap();
        }
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (port, implicit) = (free(), if encrypted { free() } else { 0 });
        let ssl = if encrypted { certificate(&root) } else { "ssl = no\ndisable_plaintext_auth = no".to_owned() };
        let user = |flag: &str| said("id", &[flag]);
        let is_root = user("-u") == "0";
        let (name, group) = if is_root { ("nobody".into(), "nogroup".into()) } else { (user("-un"), user("-gn")) };
        let (uid, gid) = if is_root { ("65534".into(), "65534".into()) } else { (user("-u"), user("-g")) };
        let at = root.display();
        let settings = format!(
            "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
            default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {group}\n{ssl}\n\
            mail_location = maildir:{at}/mail\nfirst_valid_uid = 1\n\
            passdb {{\n driver = passwd-file\n args = {at}/users\n}}\n\
            userdb {{\n driver = static\n args = uid={uid} gid={gid} home={at}\n}}\n\
            service imap-login {{\n chroot =\n inet_listener imap {{\n port = {port}\n }}\n inet_listener imaps {{\n port = {implicit}\n ssl = yes\n }}\n}}\n\
            service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n"
        );
        std::fs::write(root.join("dovecot.conf"), settings).unwrap();
        std::fs::write(root.join("users"), "kyodo:{PLAIN}geheim\n").unwrap();
        let mut command = match is_root {
            true => {
                said("chown", &["-R", "nobody:nogroup", &at.to_string()]);
                let mut command = Command::new("setpriv");
                command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "dovecot"]);
                command
            }
            false => Command::new("dovecot"),
        };
        let child = command.arg("-F").arg("-c").arg(root.join("dovecot.conf")).spawn().expect("dovecot-imapd");
        let imap = Self { child, mail, port, implicit };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return imap;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("dovecot does not start: {}", std::fs::read_to_string(root.join("log")).unwrap_or_default());
    }

    /// Address of the mailbox for the settings.
    pub fn url(&self) -> String {
        format!("imap://kyodo:geheim@127.0.0.1:{}/INBOX?tls=none", self.port)
    }

    /// The same, encrypted from the first byte.
    pub fn implicit_url(&self) -> String {
        format!("imaps://kyodo:geheim@localhost:{}/INBOX?every=1", self.implicit)
    }

    /// The same, encrypted by STARTTLS.
    pub fn starttls_url(&self) -> String {
        format!("imap://kyodo:geheim@localhost:{}/INBOX?tls=required&every=1", self.port)
    }

    /// The certificate that vouches for the server.
    pub fn certificate(&self) -> PathBuf {
        self.mail.with_file_name("cert.pem")
    }

    /// Puts a mail into the mailbox.
    pub fn deliver(&self, number: usize, bytes: &[u8]) {
        let file = self.mail.join("new").join(format!("{number}.test"));
        std::fs::write(&file, bytes).unwrap();
        if said("id", &["-u"]) == "0" {
            said("chown", &["nobody:nogroup", &file.display().to_string()]);
        }
    }

    /// How many mails were put away.
    pub fn put_away(&self) -> usize {
        let count =
            |part: &str| std::fs::read_dir(self.mail.join(".Kyodo.done").join(part)).map_or(0, |all| all.count());
        count("cur") + count("new")
    }
}

/// Makes a certificate and tells the settings that use it.
fn certificate(root: &Path) -> String {
    let (cert, key) = (root.join("cert.pem"), root.join("key.pem"));
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    let request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
    let constraint = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &cert];
    said("openssl", &request.split(' ').chain(constraint).collect::<Vec<_>>());
    format!("ssl = required\nssl_cert = <{cert}\nssl_key = <{key}")
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Drop for Imap {
    fn drop(&mut self) {
        // Its children end with it only when it is told.
        said("kill", &[&self.child.id().to_string()]);
        let _ = self.child.wait();
    }
}
