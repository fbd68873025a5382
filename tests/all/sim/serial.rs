//! A simulated strip reads frames from a line that is cut anywhere.

use hearthlight::sim::lights::serial::{Board, Protocol};
use hearthlight::wire::adalight::Count;
use hearthlight::wire::{adalight, awa, tpm2};

#[test]
fn frames_are_found_in_pieces_and_between_noise() {
    for protocol in [Protocol::Adalight, Protocol::Tpm2, Protocol::Awa] {
        let mut line = b"noise A".to_vec();
        for level in 0..20 {
            let pixels = [[level, 65, 100], [97, 119, level]].into_iter();
            match protocol {
                Protocol::Adalight => adalight::encode(Count::MinusOne, pixels, &mut line),
                Protocol::Tpm2 => tpm2::encode(pixels, &mut line),
                Protocol::Awa => awa::encode(pixels, &mut line),
            }
            line.extend(if level % 3 == 0 { b"Ad".as_slice() } else { b"" });
        }
        for piece in [1, 3, 7, 1000] {
            let mut board = Board::new(protocol);
            let n: usize = line.chunks(piece).map(|bytes| board.read(bytes)).sum();
            assert_eq!((n, board.n_frames), (20, 20), "{protocol:?} in pieces of {piece}");
            assert_eq!(board.shown(), [19, 65, 100, 97, 119, 19]);
            assert_eq!(board.n_passed_over, 21, "{protocol:?}: what was not of a frame");
        }
    }
}
