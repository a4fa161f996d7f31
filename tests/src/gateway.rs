//! The gateway as it runs in production, for demo, journeys, chaos and benchmarks: every service a process of its own, on
//! free ports, with generated settings, to be killed and started again at will.

use crate::settings::{PartnerFile, Setup, write_settings};
use crate::stack::Stack;
use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to become ready on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long a process may take to drain.
const GONE_WITHIN: Duration = Duration::from_secs(40);

/// The services of one protocol, in the order in which they are started.
pub const SERVICES: &[&str] = &[
    "worker-apply",
    "worker-claim",
    "worker-invoice",
    "worker-refund",
    "worker-tender",
    "worker-restore",
    "worker-credit",
    "worker-callback",
    "egress-finserv",
    "files",
    "ingress-finserv",
];

/// The doors and messengers of each protocol, started for the partners that speak it; finserv's are among [`SERVICES`].
const PROTOCOLS: &[(&str, [&str; 2])] = &[
    ("finserv", ["egress-finserv", "ingress-finserv"]),
    ("fuzhou", ["egress-fuzhou", "ingress-fuzhou"]),
    ("govproc", ["egress-govproc", "ingress-govproc"]),
    ("pubres", ["egress-pubres", "ingress-pubres"]),
    ("yueyang", ["egress-yueyang", "ingress-yueyang"]),
];

/// The services that these partners need, in the order in which they are started.
#[must_use]
pub fn services_for(partners: &[PartnerFile]) -> Vec<&'static str> {
    let spoken = |of: &str| partners.iter().any(|partner| partner.protocol() == of);
    let unneeded = |name: &&&str| {
        let of = PROTOCOLS.iter().find(|(_, own)| own.contains(*name));
        of.is_some_and(|(protocol, _)| !spoken(protocol))
    };
    let common = SERVICES.iter().filter(|name| !unneeded(name)).copied();
    let own = PROTOCOLS.iter().filter(|(protocol, _)| spoken(protocol)).flat_map(|(_, own)| *own);
    let mut names: Vec<&'static str> = common.collect();
    names.extend(own.filter(|name| !SERVICES.contains(name)));
    names
}

/// A running gateway; dropping it kills its processes.
#[derive(Debug)]
pub struct Gateway {
    folder: PathBuf,
    binaries: PathBuf,
    addresses: BTreeMap<String, String>,
    services: BTreeMap<&'static str, Service>,
}

#[derive(Debug)]
struct Service {
    port: u16,
    admin: u16,
    child: Option<Child>,
    starts: u32,
}

impl Gateway {
    /// Prepares settings and ports for these services below `folder`; nothing runs yet.
    ///
    /// # Errors
    /// If files cannot be written, or the services' programs are not built.
    pub fn prepare(
        folder: &Path,
        stack: &Stack,
        setup: &Setup,
        partners: &[PartnerFile],
        names: &[&'static str],
    ) -> io::Result<Self> {
        let binaries = binaries()?;
        fs::create_dir_all(folder)?;
        let mut services = BTreeMap::new();
        for &name in names {
            if !binaries.join(name).exists() {
                return Err(io::Error::other(format!(
                    "{name} is not built; run `cargo build --workspace` first"
                )));
            }
            services
                .insert(name, Service { port: free_port()?, admin: free_port()?, child: None, starts: 0 });
        }
        let files = services.get("files").map_or(0, |service| service.port);
        let partners: Vec<PartnerFile> = partners.iter().map(|partner| placed(partner, &services)).collect();
        write_settings(folder, setup, &partners, files)?;
        Ok(Self { folder: folder.to_path_buf(), binaries, addresses: stack.addresses().clone(), services })
    }

    /// Creates or updates the database, with the operators' own tool.
    ///
    /// # Errors
    /// If it fails; the error holds what it said.
    pub fn migrate(&self) -> io::Result<()> {
        self.baohan(&["migrate"]).map(drop)
    }

    /// Runs `baohan` with these arguments and returns what it printed.
    ///
    /// # Errors
    /// If it exits with anything but 0; the error holds what it said.
    pub fn baohan(&self, arguments: &[&str]) -> io::Result<String> {
        let mut command = Command::new(self.binaries.join("baohan"));
        self.settings_for(&mut command, "OPERATOR", true);
        let output = command.args(arguments).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(said);
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(format!("baohan {}: {}{said}{complaint}", arguments.join(" "), output.status)))
    }

    /// Starts every service and waits until all are ready.
    ///
    /// # Errors
    /// If one does not become ready; the error holds the end of its log.
    pub fn start_all(&mut self) -> io::Result<()> {
        let names: Vec<&'static str> = self.services.keys().copied().collect();
        names.iter().try_for_each(|name| self.launch(name))?;
        names.iter().try_for_each(|name| self.await_ready(name))
    }

    /// Starts one service and waits until it is ready.
    ///
    /// # Errors
    /// As [`Gateway::start_all`].
    pub fn start(&mut self, name: &str) -> io::Result<()> {
        self.launch(name)?;
        self.await_ready(name)
    }

    /// Starts one service without waiting.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn launch(&mut self, name: &str) -> io::Result<()> {
        let role = match name.split('-').next() {
            // What faces the internet tells and asks, and reads no queue.
            Some("ingress") => "INGRESS",
            Some("files") => "FILES",
            Some("egress") => "EGRESS",
            _ => "WORKER",
        };
        let mut command = Command::new(self.binaries.join(name));
        self.settings_for(&mut command, role, name.starts_with("worker-"));
        let log = File::options().create(true).append(true).open(self.log(name))?;
        let service = self.service_mut(name)?;
        command
            .env("GATEWAY_LISTEN", format!("127.0.0.1:{}", service.port))
            .env("GATEWAY_ADMIN_LISTEN", format!("127.0.0.1:{}", service.admin))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        service.child = Some(command.spawn()?);
        service.starts += 1;
        Ok(())
    }

    fn settings_for(&self, command: &mut Command, role: &str, database: bool) {
        command.envs(&self.addresses);
        let mut files = vec![self.folder.join("gateway.toml")];
        if database {
            files.push(self.folder.join("postgres.toml"));
        } else {
            command.env_remove("GATEWAY_POSTGRES_URL");
        }
        let list = std::env::join_paths(files).unwrap_or_default();
        command.env("GATEWAY_CONFIG", list);
        if let Some(url) = self.addresses.get(&format!("GATEWAY_AMQP_{role}_URL")) {
            command.env("GATEWAY_AMQP_URL", url);
        }
    }

    /// Waits until a service says that it is ready.
    ///
    /// # Errors
    /// If it ends or takes too long; the error holds the end of its log.
    pub fn await_ready(&mut self, name: &str) -> io::Result<()> {
        let until = Instant::now() + READY_WITHIN;
        while !self.ready(name)? {
            if Instant::now() > until {
                let says = self.admin(name, "/readyz").unwrap_or_default();
                let log = self.end_of_log(name);
                return Err(io::Error::other(format!("{name} is not ready: {says}\n{log}")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Whether a service says that it is ready, now.
    ///
    /// # Errors
    /// If its process has ended; the error holds the end of its log.
    pub fn ready(&mut self, name: &str) -> io::Result<bool> {
        let ended = self.service_mut(name)?.child.as_mut().map(Child::try_wait).transpose()?.flatten();
        if let Some(status) = ended {
            let log = self.end_of_log(name);
            return Err(io::Error::other(format!("{name} ended with {status}:\n{log}")));
        }
        Ok(self.admin(name, "/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")))
    }

    /// Kills a service with SIGKILL.
    ///
    /// # Errors
    /// If there is no such service.
    pub fn kill(&mut self, name: &str) -> io::Result<()> {
        if let Some(mut child) = self.service_mut(name)?.child.take() {
            let _ = child.kill();
            child.wait()?;
        }
        Ok(())
    }

    /// Ends a service with SIGTERM and waits; false if it did not exit with 0 in time.
    ///
    /// # Errors
    /// If there is no such service.
    pub fn stop(&mut self, name: &str) -> io::Result<bool> {
        let Some(mut child) = self.service_mut(name)?.child.take() else { return Ok(true) };
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        let until = Instant::now() + GONE_WITHIN;
        while Instant::now() < until {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill()?;
        child.wait()?;
        Ok(false)
    }

    /// The address a service serves on.
    #[must_use]
    pub fn address(&self, name: &str) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.services.get(name).map_or(0, |service| service.port)))
    }

    /// What a service's admin port answers to a path, head included.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn admin(&self, name: &str, path: &str) -> io::Result<String> {
        let port = self.services.get(name).map_or(0, |service| service.admin);
        get(SocketAddr::from(([127, 0, 0, 1], port)), path)
    }

    /// The process id of a running service.
    #[must_use]
    pub fn pid(&self, name: &str) -> Option<u32> {
        self.services.get(name)?.child.as_ref().map(Child::id)
    }

    /// The log file of a service; it is appended to over restarts.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// Where settings, logs and documents are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn end_of_log(&self, name: &str) -> String {
        let log = fs::read_to_string(self.log(name)).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn service_mut(&mut self, name: &str) -> io::Result<&mut Service> {
        self.services.get_mut(name).ok_or_else(|| io::Error::other(format!("no service {name}")))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let names: Vec<&'static str> = self.services.keys().copied().collect();
        for name in names {
            let _ = self.kill(name);
        }
    }
}

/// The folder of the built programs: that of the program which asks.
fn binaries() -> io::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().unwrap_or(Path::new("."));
    Ok(if folder.ends_with("deps") {
        folder.parent().unwrap_or(folder).to_path_buf()
    } else {
        folder.to_path_buf()
    })
}

/// A partner's file in which `{ingress-…}` stands for where that service will listen, for partners that are told so.
fn placed(partner: &PartnerFile, services: &BTreeMap<&'static str, Service>) -> PartnerFile {
    let place = |toml: String, (name, service): (&&'static str, &Service)| {
        toml.replace(&format!("{{{name}}}"), &format!("127.0.0.1:{}", service.port))
    };
    PartnerFile { toml: services.iter().fold(partner.toml.clone(), place), ..partner.clone() }
}

/// A port nobody uses now, below those that the kernel gives to connections: one of these could take it before a service does.
/// A directory claims it among tests that run at the same time, as `scripts/services.d/ground.sh` does, which also removes
/// old claims.
///
/// # Errors
/// If none of many is free.
pub fn free_port() -> io::Result<u16> {
    let mut last = io::Error::other("no port was tried");
    for _ in 0..1000 {
        let drawn = RandomState::new().build_hasher().finish() % 12_000;
        let port = 20_000 + u16::try_from(drawn).map_err(io::Error::other)?;
        let claimed = std::fs::create_dir(std::env::temp_dir().join(format!("gateway-port.{port}")));
        match claimed.and_then(|()| TcpListener::bind(("127.0.0.1", port))) {
            Ok(_) => return Ok(port),
            Err(why) => last = why,
        }
    }
    Err(last)
}

/// A plain GET, for admin ports.
fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
