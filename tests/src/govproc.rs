//! A govproc platform beside the gateway under test: its receiver, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{IV, PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::govproc::{BadSettings, Partner, Reader, Settings, Variants};
use std::collections::BTreeMap;
use std::io;

/// A govproc platform whose receiver listens.
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

    /// A platform with other habits.
    ///
    /// # Errors
    /// If there is no port, or the key cannot be used.
    pub async fn open_with(id: &'static str, change: impl FnOnce(&mut Variants)) -> io::Result<Self> {
        let settings = settings(id).with(change);
        let reader = Reader::new(settings.clone()).map_err(io::Error::other)?;
        Ok(Self { id, receiver: Receiver::start("127.0.0.1:0", reader, None).await?, settings })
    }

    /// The gateway's file about it, with further lines of its section `[settings]`.
    #[must_use]
    pub fn file(&self, rules: Rules, lines: &str) -> PartnerFile {
        PartnerFile::govproc(self.id, &self.receiver.addr().to_string(), rules, lines)
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the key cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-govproc");
        Partner::new(Settings { gateway: format!("http://{address}/{}", self.id), ..self.settings.clone() })
    }
}

fn settings(id: &str) -> Settings {
    Settings {
        gateway: String::new(),
        paths: BTreeMap::new(),
        app_key: format!("{id}-key"),
        app_secret: SECRET.to_owned(),
        iv: Some(IV.to_owned()),
        orgcode: "JG0001".to_owned(),
        variants: Variants::default(),
    }
}
