//! A pubres platform beside the gateway under test: its receiver, its safe, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{IV, PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::pubres::{BadSettings, Cipher, KeyForm, Partner, Reader, Sealing, Settings, TextForm, Variants};
use std::collections::BTreeMap;
use std::io;

/// A pubres platform whose receiver listens.
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
        let mut settings = settings(id);
        change(&mut settings);
        let reader = Reader::new(settings.clone()).map_err(io::Error::other)?;
        Ok(Self { id, receiver: Receiver::start("127.0.0.1:0", reader, None).await?, settings })
    }

    /// The gateway's file about it, with further lines of its section `[settings]`.
    #[must_use]
    pub fn file(&self, rules: Rules, lines: &str) -> PartnerFile {
        PartnerFile::pubres(self.id, &self.receiver.addr().to_string(), rules, lines)
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-pubres");
        Partner::new(Settings { gateway: format!("http://{address}/{}", self.id), ..self.settings.clone() })
    }
}

/// 32 hexadecimal digits of the dummy vector that every partner under test has in `file:<id>.iv`.
#[must_use]
pub fn sixteen_bytes() -> String {
    IV.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn settings(id: &str) -> Settings {
    Settings {
        gateway: String::new(),
        urls: BTreeMap::new(),
        paths: BTreeMap::new(),
        appkey: format!("{id}-key"),
        appsecret: SECRET.to_owned(),
        platformcode: id.to_owned(),
        sealing: Sealing {
            seed: id.to_owned(),
            cipher: Cipher::default(),
            iv: None,
            text: TextForm::default(),
            key: KeyForm::default(),
            kek: None,
            fixed_key: None,
        },
        variants: Variants::default(),
    }
}
