//! CRC-32C (Castagnoli), eight bytes at a time (Kounavis and Berry, "A Systematic Approach to Building High Performance
//! Software-based CRC Generators", 2005). Any damage within 32 bits in a row is found, any other but for one in 2^32.

/// The polynomial of RFC 3720, appendix B.4, bits reversed.
const POLYNOMIAL: u32 = 0x82F6_3B78;

/// `TABLES[n][b]`: what the byte `b` does to the sum when `n` bytes follow it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let (mut sum, mut bit) = (byte as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut n = 1;
    while n < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[n - 1][byte];
            tables[n][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        n += 1;
    }
    tables
}

/// The checksum of some pieces, one behind the other.
#[must_use]
pub fn checksum(pieces: &[&[u8]]) -> u32 {
    !pieces.iter().fold(!0, |sum, piece| extend(sum, piece))
}

fn extend(mut sum: u32, bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    for eight in eights {
        let mixed = (u64::from_le_bytes(*eight) ^ u64::from(sum)).to_le_bytes();
        sum = 0;
        for (table, byte) in TABLES.iter().rev().zip(mixed) {
            sum ^= table[byte as usize];
        }
    }
    rest.iter().fold(sum, |sum, byte| (sum >> 8) ^ TABLES[0][((sum ^ u32::from(*byte)) & 0xff) as usize])
}
