//! A fuzhou platform beside the gateway under test: its memory, its endpoint, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{IV, PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::dummy_keys::{FUZHOU_API, FUZHOU_INSURER};
use sandbox::fuzhou::{BadSettings, Office, Partner, Reader, Settings, Variants};
use std::collections::BTreeMap;
use std::io;

/// A fuzhou platform whose endpoint listens.
#[derive(Debug)]
pub struct Platform {
    /// The partner id.
    pub id: &'static str,
    /// Where calls arrive.
    pub receiver: Receiver,
    /// What it remembers.
    pub office: Office,
    settings: Settings,
}

impl Platform {
    /// A platform as the manual has it; opens its endpoint on a free port, for the gateway's settings name it.
    ///
    /// # Errors
    /// If there is no port.
    pub async fn open(id: &'static str) -> io::Result<Self> {
        Self::open_with(id, |_| {}).await
    }

    /// A platform with other keys or habits.
    ///
    /// # Errors
    /// If there is no port, or the keys cannot be used.
    pub async fn open_with(id: &'static str, change: impl FnOnce(&mut Settings)) -> io::Result<Self> {
        let mut settings = settings();
        change(&mut settings);
        let office = Office::new(&settings);
        let reader = Reader::new(settings.clone(), &office).map_err(io::Error::other)?;
        let receiver = Receiver::start("127.0.0.1:0", reader, None).await?;
        office.live_at(&receiver.at(""));
        Ok(Self { id, receiver, office, settings })
    }

    /// The gateway's file about it, with further lines of its section `[settings]`.
    #[must_use]
    pub fn file(&self, rules: Rules, lines: &str) -> PartnerFile {
        PartnerFile::fuzhou(self.id, &self.receiver.addr().to_string(), rules, lines)
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-fuzhou");
        let gateway = format!("http://{address}/{}", self.id);
        Partner::new(Settings { gateway, ..self.settings.clone() }, &self.office)
    }
}

fn settings() -> Settings {
    Settings {
        gateway: String::new(),
        urls: BTreeMap::new(),
        path: "/api/insurer/v1/".to_owned(),
        api_key: SECRET.to_owned(),
        api_secret: IV.to_owned(),
        insurer_key: FUZHOU_INSURER.to_owned(),
        platform_key: FUZHOU_API.to_owned(),
        btc_id: 223,
        insurer_name: "示范财产保险有限公司".to_owned(),
        token_seconds: 7200,
        file_seconds: 7200,
        // The documented schedule, a hundred times faster.
        repeat_scale: 0.01,
        variants: Variants::default(),
    }
}
