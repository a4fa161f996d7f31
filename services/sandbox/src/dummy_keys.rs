//! The RSA keys of simulated platforms, for tests and the demo; made by `keys/make.sh`, and no secret of anybody.

/// 岳阳: the pairs of projects: two of 1024 bits, one of 2048.
pub const YUEYANG_PROJECTS: [&str; 3] = [
    include_str!("../keys/yueyang-project-1.pem"),
    include_str!("../keys/yueyang-project-2.pem"),
    include_str!("../keys/yueyang-project-3.pem"),
];

/// 岳阳: the platform's own pair, 1024 bits, whose public half is the 公钥 of 2.4.
pub const YUEYANG_PLATFORM: &str = include_str!("../keys/yueyang-platform.pem");

/// 福州: the pair mailed to the insurer (rsa_pk, rsa_sk), 2048 bits.
pub const FUZHOU_INSURER: &str = include_str!("../keys/fuzhou-insurer.pem");

/// 福州: the platform's own pair, 2048 bits, whose public half is api_rsa_pk.
pub const FUZHOU_API: &str = include_str!("../keys/fuzhou-api.pem");
