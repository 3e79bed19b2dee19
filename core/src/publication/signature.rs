//! Who published: an Ed25519 signature of the publication's digest.
//!
//! Keys are the caller's: they are handed in, and nothing of them is kept or written but the public
//! key. The text formats are those of OpenSSL: PKCS#8 and `SubjectPublicKeyInfo` in PEM.

use std::fmt;

use ed25519_dalek::Signer as _;

use super::document::{Algorithm, Hex, Signature};
use crate::document::Digest;
use crate::error::{Code, Fault, Faults, Place, Text};

/// What PKCS#8 puts before the 32 bytes of an Ed25519 private key (RFC 8410).
const PRIVATE: &[u8] = &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// What `SubjectPublicKeyInfo` puts before the 32 bytes of an Ed25519 public key (RFC 8410).
const PUBLIC: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// A private key to sign publications with.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public_key())
    }
}

impl SigningKey {
    /// A key from its 32 bytes (the seed of RFC 8032).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(bytes))
    }

    /// Reads a private key as `openssl genpkey -algorithm ed25519` writes it: PKCS#8 in PEM, not
    /// encrypted.
    ///
    /// # Errors
    /// `unknown_value`; the fault never repeats the text.
    pub fn from_pem(text: &str) -> Result<Self, Faults> {
        let key = pem(text, "PRIVATE KEY", PRIVATE);
        key.map(|key| Self::from_bytes(&key)).ok_or_else(|| {
            let expected = Text::new(
                "une clé privée Ed25519 : PKCS#8 en PEM, non chiffrée",
                "an Ed25519 private key: PKCS#8 in PEM, not encrypted",
            );
            Fault::new(Code::UnknownValue, Place::Pointer(String::new()), "", expected)
                .advise(
                    "openssl genpkey -algorithm ed25519 -out cle.pem",
                    "openssl genpkey -algorithm ed25519 -out key.pem",
                )
                .into()
        })
    }

    /// The public key that goes with it.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs the digest of a publication.
    pub(super) fn sign(&self, publication: &Digest) -> Signature {
        Signature {
            algorithm: Algorithm::Ed25519,
            public_key: Hex(self.public_key().0),
            signature: Hex(self.0.sign(&message(publication)).to_bytes()),
        }
    }
}

/// A public key, by which one recognises a publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(self.0).fmt(f)
    }
}

impl PublicKey {
    /// Reads a public key: the 64 hexadecimal digits that publications show, or the PEM that
    /// `openssl pkey -pubout` writes.
    ///
    /// # Errors
    /// `unknown_value`.
    pub fn parse(text: &str) -> Result<Self, Faults> {
        let text = text.trim();
        let key = Hex::parse(text).map(|Hex(bytes)| bytes).or_else(|| pem(text, "PUBLIC KEY", PUBLIC));
        key.map(Self).ok_or_else(|| {
            let expected = Text::new(
                "une clé publique Ed25519 : 64 chiffres hexadécimaux, ou un PEM",
                "an Ed25519 public key: 64 hexadecimal digits, or a PEM",
            );
            // Who gives the private key by mistake must not see it repeated in a log.
            Fault::new(Code::UnknownValue, Place::Pointer(String::new()), "", expected)
                .advise("openssl pkey -in cle.pem -pubout", "openssl pkey -in key.pem -pubout")
                .into()
        })
    }
}

impl Signature {
    /// The key that it claims to be by.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.public_key.0)
    }

    /// Is it a signature of this publication by its key? Keys of small order, and signatures that are
    /// not reduced, are refused.
    pub fn is_of(&self, publication: &Digest) -> bool {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.public_key.0);
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        key.is_ok_and(|key| key.verify_strict(&message(publication), &signature).is_ok())
    }
}

/// What is signed. The prefix keeps the signature from being one of anything else.
fn message(publication: &Digest) -> Vec<u8> {
    format!("bareme/1 publication {publication}").into_bytes()
}

/// The 32 bytes of a key in a PEM of this label, which must begin as RFC 8410 says.
fn pem(text: &str, label: &str, prefix: &[u8]) -> Option<[u8; 32]> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (inside, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let bytes = base64(inside)?;
    bytes.strip_prefix(prefix)?.try_into().ok()
}

/// Base64 with padding, whatever white space is in it.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(byte.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0').wrapping_add(52)),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let plain = digits.get(..digits.len().checked_sub(padding)?)?;
    if padding > 2 || !digits.len().is_multiple_of(4) || digits.len() > 4096 {
        return None;
    }
    let mut bytes = Vec::new();
    for four in plain.chunks(4) {
        let mut bits = 0_u32;
        for digit in four {
            bits = (bits << 6) | u32::from(value(digit)?);
        }
        bits <<= 6_usize.saturating_mul(4_usize.saturating_sub(four.len()));
        let [_, three @ ..] = bits.to_be_bytes();
        bytes.extend(three.iter().take(four.len().saturating_sub(1)));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8410, section 10.3, and RFC 8032, section 7.1, test 1.
    const PEM: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn keys_in_the_formats_of_openssl() {
        let key = SigningKey::from_pem(PEM).unwrap();
        assert_eq!(key.public_key().to_string(), KEY);
        assert_eq!(PublicKey::parse(&format!("{KEY}\n")).unwrap(), key.public_key());
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
            -----END PUBLIC KEY-----";
        assert_eq!(PublicKey::parse(public).unwrap(), key.public_key());
        assert!(!format!("{key:?}").contains("9d61b1"));
    }

    #[test]
    fn a_wrong_key_is_not_repeated() {
        let wrong = [PEM.replace("MC4C", "MC5C"), PEM.replace("rn9g", "rn9"), PEM.replace("PRIVATE", "RSA PRIVATE")];
        for text in wrong {
            let faults = SigningKey::from_pem(&text).unwrap_err().to_string();
            assert!(faults.contains("unknown_value") && !faults.contains("nWGx"), "{faults}");
        }
        let faults = PublicKey::parse(PEM).unwrap_err().to_string();
        assert!(!faults.contains("nWGx"), "{faults}");
        assert!(SigningKey::from_pem("").is_err() && PublicKey::parse(&KEY[1..]).is_err());
    }

    #[test]
    fn a_signature_is_of_one_digest_by_one_key() {
        let key = SigningKey::from_pem(PEM).unwrap();
        let digest = Digest::of_bytes(b"abc");
        let signature = key.sign(&digest);
        assert!(signature.is_of(&digest));
        assert!(!signature.is_of(&Digest::of_bytes(b"abd")));
        for place in 0..64 {
            let mut other = signature.clone();
            other.signature.0[place] ^= 1;
            assert!(!other.is_of(&digest));
        }
        // The neutral element, of order 1, would accept signatures of anything.
        let mut small = signature;
        small.public_key.0 = [0; 32];
        small.public_key.0[0] = 1;
        small.signature.0 = [0; 64];
        small.signature.0[0] = 1;
        assert!(!small.is_of(&digest));
    }
}
