//! A tender platform beside the gateway under test: its receiver, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{IV, PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::finserv::{AesKeyForm, BadSettings, Partner, Reader, Settings, Variants};
use std::io;

/// A finserv platform whose receiver listens.
#[derive(Debug)]
pub struct Platform {
    /// The partner id.
    pub id: &'static str,
    /// Where callbacks arrive.
    pub receiver: Receiver,
    settings: Settings,
}

impl Platform {
    /// A platform as the document has it; opens its receiver on a free port, for the gateway's settings name it.
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
        let mut settings = settings(id, "");
        change(&mut settings);
        let reader = Reader::new(settings.clone()).map_err(io::Error::other)?;
        Ok(Self { id, receiver: Receiver::start("127.0.0.1:0", reader, None).await?, settings })
    }

    /// The gateway's file about it.
    #[must_use]
    pub fn file(&self, rules: Rules) -> PartnerFile {
        self.file_with(rules, "")
    }

    /// The gateway's file about it, with further lines of its section `[settings]`.
    #[must_use]
    pub fn file_with(&self, rules: Rules, lines: &str) -> PartnerFile {
        PartnerFile::finserv(self.id, &self.receiver.addr().to_string(), rules, lines)
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-finserv");
        Partner::new(Settings { gateway: format!("http://{address}/{}", self.id), ..self.settings.clone() })
    }
}

/// A platform's own settings: the dummy keys of every partner under test. `gateway` is where it sends.
#[must_use]
pub fn settings(id: &str, gateway: &str) -> Settings {
    Settings {
        gateway: gateway.to_owned(),
        access_key: format!("{id}-key"),
        secret_key: SECRET.to_owned(),
        aes_key: None,
        aes_key_form: AesKeyForm::default(),
        iv: IV.to_owned(),
        variants: Variants::default(),
    }
}
