//! Why a document is not what it should be, in the words of those who read it.

/// One finding against a document (or, at the end of the list, worth knowing about it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The file is larger, deeper or more costly than the limits allow.
    BeyondLimits,
    /// The check took too long.
    TookTooLong,
    /// The check failed by itself.
    CheckFailed,
    /// The file is no PDF, damaged, or ambiguous.
    NotReadable,
    /// The file is encrypted.
    Encrypted,
    /// The file's structure uses a form that is not judged here.
    Unsupported,
    /// Nobody signed it.
    NoSignature,
    /// A signature lies in the file to which no signature field leads.
    StraySignature,
    /// Two fields share a signature, or a field's signature is not an object of its own.
    SharedSignature,
    /// The byte range is not four numbers that leave out one gap.
    ByteRange,
    /// The gap is not exactly the signature itself.
    Gap,
    /// Something other than zeros follows the signature in its gap.
    Padding,
    /// The file as it was signed does not show this signature.
    NotInItsRevision,
    /// The signature is of a kind that is not accepted.
    SubFilter,
    /// The signature's container cannot be read, or breaks its standard.
    Container,
    /// More than one signer in a container.
    SeveralSigners,
    /// The container's own content is not what is expected.
    ContentType,
    /// No signed attributes.
    NoSignedAttributes,
    /// The document's bytes are not those that were signed.
    Digest,
    /// A digest or signature algorithm that is not accepted.
    Algorithm,
    /// The signature does not name its certificate.
    CertificateNotNamed,
    /// The certificate is missing, or is not the one the signature names.
    CertificateMissing,
    /// The signature value is wrong.
    SignatureWrong,
    /// Bytes that no signature covers.
    Uncovered,
    /// Something was changed or added after signing.
    Changed,
    /// Somebody else signed too.
    SecondSignature,
    /// The signer's certificate does not lead to a trusted root.
    UnknownIssuer,
    /// The certificate had expired.
    Expired,
    /// The certificate was not valid yet.
    NotYetValid,
    /// The certificate is not meant for signing documents.
    WrongUsage,
    /// The chain of certificates breaks its rules otherwise.
    Chain,
    /// A timestamp is wrong.
    TimestampWrong,
    /// A timestamp's authority is not trusted: its time proves nothing.
    TimestampUntrusted,
    /// The document is signed with a certificate of the sandbox.
    Sandbox,
    /// The signing time is only claimed.
    TimeOnlyClaimed,
}

impl Reason {
    /// For those who received the document.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        self.words().0
    }

    /// For operators.
    #[must_use]
    pub const fn english(self) -> &'static str {
        self.words().1
    }

    /// Whether it counts against the document, or is only worth knowing.
    #[must_use]
    pub const fn is_objection(self) -> bool {
        !matches!(self, Self::Sandbox | Self::TimeOnlyClaimed | Self::TimestampUntrusted)
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::BeyondLimits => {
                ("文件过大或结构过于复杂，无法验证", "the file is too large or too complex to be checked")
            }
            Self::TookTooLong => ("验证超时，请稍后重试", "the check took too long; try again later"),
            Self::CheckFailed => {
                ("验证未能完成，按无效处理", "the check failed by itself; the document counts as invalid")
            }
            Self::NotReadable => (
                "文件不是有效的PDF，已损坏或存在歧义",
                "the file is no PDF, is damaged, or can be understood in two ways",
            ),
            Self::Encrypted => ("文件已加密，无法验证", "the file is encrypted and cannot be checked"),
            Self::Unsupported => {
                ("文件结构不受支持，无法验证", "the file's structure is of a form that is not checked here")
            }
            Self::NoSignature => ("文件没有电子签名", "the file has no signature"),
            Self::StraySignature => (
                "文件中存在未关联签名域的签名数据",
                "the file holds a signature to which no signature field leads",
            ),
            Self::SharedSignature => {
                ("签名域引用的签名数据异常", "signature fields share a signature or hold none of their own")
            }
            Self::ByteRange => ("签名覆盖范围（ByteRange）异常", "the signature's byte range is wrong"),
            Self::Gap => (
                "签名覆盖范围之外存在签名以外的内容",
                "what the byte range leaves out is not exactly the signature",
            ),
            Self::Padding => {
                ("签名数据之后存在多余内容", "something other than zeros follows the signature in its place")
            }
            Self::NotInItsRevision => {
                ("签名与其签署时的文件不一致", "the file as it was signed does not show this signature")
            }
            Self::SubFilter => ("签名类型不受支持", "the signature is of a kind that is not accepted"),
            Self::Container => (
                "签名数据无法解析或不符合标准",
                "the signature's data cannot be read or break their standard",
            ),
            Self::SeveralSigners => {
                ("签名数据必须且只能有一个签署者", "the signature's data must have exactly one signer")
            }
            Self::ContentType => {
                ("签名数据的内容类型异常", "the signature's data are of an unexpected content type")
            }
            Self::NoSignedAttributes => ("签名缺少签名属性", "the signature has no signed attributes"),
            Self::Digest => {
                ("文件内容与签名时不一致，已被篡改", "the document is not the one that was signed")
            }
            Self::Algorithm => {
                ("签名使用了不被接受的算法", "the signature uses an algorithm that is not accepted")
            }
            Self::CertificateNotNamed => {
                ("签名未绑定签署者证书", "the signature does not name its certificate")
            }
            Self::CertificateMissing => {
                ("签署者证书缺失或与签名不符", "the signer's certificate is missing or is not the one named")
            }
            Self::SignatureWrong => ("签名值校验失败", "the signature value is wrong"),
            Self::Uncovered => {
                ("文件存在未被签名覆盖的内容", "some bytes of the file are under no signature")
            }
            Self::Changed => ("签名之后文件被修改", "the document was changed after it was signed"),
            Self::SecondSignature => {
                ("签名之后又有他人签名", "somebody else signed after the first signature")
            }
            Self::UnknownIssuer => (
                "签署者证书不是由受信任的机构签发",
                "the signer's certificate was not issued by a trusted authority",
            ),
            Self::Expired => ("签署者证书已过期", "the signer's certificate has expired"),
            Self::NotYetValid => ("签署者证书尚未生效", "the signer's certificate is not valid yet"),
            Self::WrongUsage => {
                ("签署者证书的用途不是文件签名", "the signer's certificate is not for signing documents")
            }
            Self::Chain => ("签署者证书链校验失败", "the signer's chain of certificates is wrong"),
            Self::TimestampWrong => ("时间戳校验失败", "a timestamp is wrong"),
            Self::TimestampUntrusted => (
                "时间戳机构不受信任，签署时间未得到证明",
                "the timestamp's authority is not trusted, so the signing time is not proven",
            ),
            Self::Sandbox => (
                "使用沙箱测试证书签署，仅供测试，不具有法律效力",
                "signed with a sandbox certificate: for tests only, without legal effect",
            ),
            Self::TimeOnlyClaimed => (
                "签署时间由签署者声明，未经时间戳证明",
                "the signing time is claimed by the signer, not proven by a timestamp",
            ),
        }
    }
}
