//! Tiles and inclusion proofs: of a log made from the input, whatever is handed in, only true hashes and true proofs
//! are accepted.

#![no_main]

use gvm::verify::tlog::{Hash, InclusionProof, Node, TileHeight, Tiles, TreeHead, tiles_needed};
use gvm_fuzz::input::Input;
use gvm_fuzz::log::Log;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let size = input.below(41);
    let height = TileHeight::new(1 + input.byte() % 4).expect("1 to 4 are heights");
    let id = input.byte();
    let older = input.below(size + 1);
    let mut log = Log::default();
    log.records = (0..size).map(|number| vec![number as u8]).collect();
    let tree = TreeHead { size: size as u64, hash: log.root(0..size) };
    check_tiles(&mut input, &log, tree, height, (u64::from(id), older as u64));
});

/// Asks for what `id` and the tree of `older` records need.
fn check_tiles(
    input: &mut Input<'_>,
    log: &Log,
    tree: TreeHead,
    height: TileHeight,
    (id, older): (u64, u64),
) {
    let mut nodes = Node::covering(0..older);
    nodes.extend(InclusionProof::nodes(id, tree.size));
    nodes.push(Node::record(id));
    let needed = tiles_needed(tree.size, &nodes, height);
    let mut content = log.serve(&needed);
    let proof_is_next = input.byte() & 1 == 1;
    if !proof_is_next {
        let spoiled = needed.get(input.below(needed.len())).and_then(|tile| content.get_mut(tile));
        if let Some(spoiled) = spoiled {
            input.spoil(spoiled);
        }
    }
    let is_true = content == log.serve(&needed);
    let Ok(tiles) = Tiles::authenticate(tree, &nodes, height, &content) else {
        // Of a tree without records nothing is needed, and nothing can be wrong.
        assert!(!is_true, "true tiles are refused");
        return;
    };
    // What exceeds a tile's width is not looked at, so that an accepted one may still differ there; every hash that
    // can be read is the log's.
    for level in 0..7 {
        for number in 0..tree.size >> level {
            let node = Node { level, number };
            let (first, next) = (number << level, (number + 1) << level);
            let expected = log.root(first as usize..next as usize);
            assert!(
                tiles.hash(node).is_ok_and(|hash| hash == expected) || tiles.hash(node).is_err()
            );
        }
    }
    assert_eq!(tiles.root_at(older), Ok(log.root(0..older as usize)));
    match InclusionProof::build(id, &tiles) {
        Ok(proof) if id < tree.size => check_proof(input, log, tree, id, proof),
        Ok(proof) => {
            let record = Hash::of_record(&[id as u8]);
            assert!(proof.check(tree, id, record).is_err(), "a record that is not in the tree");
        }
        Err(error) => panic!("{error}: the tiles are there"),
    }
}

/// The proof that was built is accepted, and no other: not one hash of it, not its length, nor its record or place.
fn check_proof(input: &mut Input<'_>, log: &Log, tree: TreeHead, id: u64, proof: InclusionProof) {
    let record = log.root(id as usize..id as usize + 1);
    assert_eq!(proof.check(tree, id, record), Ok(()));
    let mut bytes: Vec<u8> = proof.path.iter().flat_map(|hash| *hash.as_bytes()).collect();
    bytes.extend(record.as_bytes());
    bytes.extend(id.to_be_bytes());
    bytes.extend(tree.size.to_be_bytes());
    let before = bytes.clone();
    input.spoil(&mut bytes);
    let Some((rest, size)) = bytes.split_last_chunk::<8>() else { return };
    let Some((rest, other)) = rest.split_last_chunk::<8>() else { return };
    let (hashes, odd) = rest.as_chunks::<{ Hash::LEN }>();
    let Some((record, path)) = hashes.split_last().filter(|_| odd.is_empty()) else { return };
    let path = path.iter().map(|hash| Hash::new(*hash)).collect();
    // No larger than any tree may be.
    let tree = TreeHead { size: u64::from_be_bytes(*size) >> 2, ..tree };
    let tree = TreeHead {
        size: if bytes.ends_with(&before[before.len() - 8..]) {
            log.records.len() as u64
        } else {
            tree.size
        },
        ..tree
    };
    let id = u64::from_be_bytes(*other);
    let accepted = InclusionProof { path }.check(tree, id, Hash::new(*record)).is_ok();
    // The size alone is not proved by a path: another tree may split alike on the way to one record.
    let is_same = bytes[..bytes.len() - 8] == before[..before.len().min(bytes.len()) - 8];
    assert!(!accepted || is_same, "a false proof is accepted");
}
